package dev.upbeat.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.checkpoint.Architecture;
import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.io.BadInputException;
import dev.upbeat.testing.TinyDecoder;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TokenBudgetTest {
    private static final int VOCABULARY = 123;
    private static final int CONTEXT = 64;
    private static final ModelConfig CONFIG = TinyDecoder.config(Architecture.LLAMA, VOCABULARY, CONTEXT, 0);

    @Test
    void responsesEndAtTheirLimitOrTheContext() {
        Sampling sampling = Sampling.greedy(20, Set.of());
        TokenBudget budget = new TokenBudget(List.of(new int[10], new int[60]), sampling, CONFIG);
        assertThat(budget.total()).isEqualTo(20 + 4);
        assertThat(budget.draw(1)).isEqualTo(3);
        assertThat(budget.draw(0)).isEqualTo(19);
        assertThat(budget.draw(1)).isEqualTo(2);
        assertThat(budget.total()).isEqualTo(19 + 2);
    }

    @Test
    void aPromptWithoutRoomForAResponseIsRejected() {
        int[] longest = new int[CONTEXT - 1];
        assertThat(CONFIG.requireRoom(longest, "problem 7")).isSameAs(longest);
        assertRejected(new int[CONTEXT], "problem 7 has 64 tokens", "context of 64");
        assertRejected(new int[0], "problem 7 is empty");
        assertRejected(new int[] {1, VOCABULARY}, "problem 7: id 123", "vocabulary of 123");
    }

    private static void assertRejected(int[] prompt, String... parts) {
        assertThatThrownBy(() -> CONFIG.requireRoom(prompt, "problem 7"))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll(parts);
    }
}
