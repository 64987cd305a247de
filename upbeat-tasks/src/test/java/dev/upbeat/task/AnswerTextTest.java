package dev.upbeat.task;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerTextTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "<think>first 3</think>it is 4",
                "first 3</think>it is 4",
                "<think>a</think>3 <think>b</think>it is 4",
                "<think>a <think>b</think>it is 4",
                "<thinking>first 3</thinking>it is 4",
                "[THINK]first 3[/THINK]it is 4",
                "<seed:think>first 3</seed:think>it is 4",
                "<|begin_of_thought|>first 3<|end_of_thought|>it is 4",
                "<think>a</think>[THINK]b[/THINK]it is 4",
                "it is 4"
            })
    void theTextAfterTheLastClosedBlockCounts(String response) {
        assertThat(AnswerText.of(response)).isEqualTo("it is 4");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<think>it is 4",
                "it is 4 <think>or is it",
                "<think>a</think>it is 4 <think>or",
                "<thinking>it is 4",
                "[THINK]it is 4",
                "<seed:think>it is 4",
                "<|begin_of_thought|>it is 4",
                "<think>a</think>[THINK]it is 4"
            })
    void anUnclosedBlockLeavesNoAnswer(String response) {
        assertThat(AnswerText.of(response)).isNull();
    }

    @Test
    void nothingAfterTheBlockIsAnEmptyAnswer() {
        assertThat(AnswerText.of("<think>it is 4</think>")).isEmpty();
        assertThat(AnswerText.of("")).isEmpty();
    }
}
