package dev.upbeat.app.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.io.BadInputException;
import dev.upbeat.task.TaskRow;
import java.util.List;
import org.junit.jupiter.api.Test;

class RowAnswersTest {
    private static final RowAnswers GSM8K = new RowAnswers(
            "gsm8k", List.of(new TaskRow("a", "How many?", "work #### 12"), new TaskRow("b", "How many?", null)));

    @Test
    void anAnswerIsFoundAndComparedByItsValue() {
        assertThat(GSM8K.of(0, "So 3 * 4 = 12. The answer is \\boxed{12}.", true))
                .isEqualTo("12");
        assertThat(GSM8K.has(0, "1/2", "It is \\boxed{0.5}.")).isTrue();
        assertThat(GSM8K.has(0, "12", "It is \\boxed{13}.")).isFalse();
        assertThat(GSM8K.has(0, "12", "None.")).isFalse();
    }

    @Test
    void aResponseThatWasCutOffHasOnlyAMarkedAnswer() {
        assertThat(GSM8K.of(0, "First, 3 * 4 = 12 and", true)).isEqualTo("12");
        assertThat(GSM8K.of(0, "First, 3 * 4 = 12 and", false)).isNull();
        assertThat(GSM8K.of(0, "\\boxed{12}. Next", false)).isEqualTo("12");
        assertThat(GSM8K.of(0, "None.", true)).isNull();
    }

    @Test
    void onlyRowsWithAnAnswerHaveRightResponses() {
        assertThat(GSM8K.correct(0, "\\boxed{12}")).isTrue();
        assertThat(GSM8K.correct(0, "\\boxed{13}")).isFalse();
        assertThat(GSM8K.correct(1, "\\boxed{12}")).isNull();
    }

    @Test
    void anOptionIsTheSameByItsLetterAndItsText() {
        RowAnswers qa =
                new RowAnswers("crossthink-qa", List.of(new TaskRow("q", "Which?\nA. red\nB. blue\nC. green", "B")));
        assertThat(qa.has(0, "B", "The answer is \\boxed{blue}")).isTrue();
        assertThat(qa.has(0, "B", "The answer is \\boxed{C}")).isFalse();
    }

    @Test
    void aTaskWithoutOneFinalAnswerIsRefused() {
        assertThatThrownBy(() -> RowAnswers.benchmark("countdown"))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("--task countdown")
                .hasMessageContaining("gsm8k, ")
                .hasMessageNotContaining("zebralogic");
    }
}
