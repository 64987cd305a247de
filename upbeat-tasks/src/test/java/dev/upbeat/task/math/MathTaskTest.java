package dev.upbeat.task.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.io.BadInputException;
import dev.upbeat.task.PromptStyle;
import dev.upbeat.task.Prompting;
import dev.upbeat.task.TaskRow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MathTaskTest {
    private static final MathTask TASK = new MathTask("gsm8k", new Prompting(null, PromptStyle.BARE));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "18 | 18",
                "He has 9 * 2 = 18 of them.#### 18 | 18",
                "[\"2\"] | 2",
                "[\"$x=1$\", \"3\"] | $x=1$, 3",
                "[0, 1) | [0, 1)",
                "204 | 204"
            })
    void theGoldCanBeASolutionOrAList(String answer, String gold) {
        assertThat(TASK.problem(new TaskRow("q", "How many?", answer)).answer()).isEqualTo(gold);
    }

    @Test
    void aRowWithoutAnAnswerIsRefused() {
        assertThatThrownBy(() -> TASK.problem(new TaskRow("row-3", "How many?", " ")))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("row row-3 has no answer")
                .hasMessageContaining("reward_model.ground_truth");
        assertThatThrownBy(() -> TASK.problem(new TaskRow("row-4", "How many?", "{\"x\":1}")))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("row row-4: the answer is a JSON object");
    }

    @Test
    void theVerdictIsTheMathVerifiers() {
        assertThat(TASK.verify(TASK.problem(new TaskRow("q", "How many?", "18")), "The answer is 18")
                        .correct())
                .isTrue();
    }
}
