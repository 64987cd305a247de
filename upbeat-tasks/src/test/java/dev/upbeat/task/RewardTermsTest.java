package dev.upbeat.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

import dev.upbeat.io.BadInputException;
import dev.upbeat.task.RewardTerms.Form;
import dev.upbeat.trace.Score;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RewardTermsTest {
    private static final Score RIGHT = new Score(1, Map.of(Score.CORRECT, 1.0), "4", "right");
    private static final Score WRONG = new Score(0, Map.of(Score.CORRECT, 0.0), "5", "wrong");
    private static final Score NONE = new Score(0, Map.of(Score.CORRECT, 0.0), null, "no answer");

    @Test
    void onlyWrongAnswersInTheRightPlaceEarnTheFormatReward() {
        RewardTerms terms = new RewardTerms(0.1, Form.NONE, 0, 0, 0, 1);
        assertThat(terms.on(WRONG, "5", false).reward()).isEqualTo(0.1);
        assertThat(terms.on(WRONG, "5", false).correct()).isFalse();
        assertThat(terms.on(RIGHT, "4", false).reward()).isEqualTo(1);
        assertThat(terms.on(NONE, "", false).reward()).isZero();
    }

    @Test
    void aFormatRewardNeedsAMarkedAnswer() {
        RewardTerms terms = new RewardTerms(0.1, Form.NONE, 0, 0, 0, 1);
        assertThat(terms.on(WRONG.markedIf(false), "5", false).reward()).isZero();
        assertThat(terms.on(Score.of(false, " ", "empty"), "\\boxed{ }", false).reward())
                .isZero();
        assertThat(terms.on(RIGHT.markedIf(false), "4", false).reward()).isEqualTo(1);
    }

    @Test
    void aResponseThatWasCutOffEarnsNoTerm() {
        RewardTerms terms = new RewardTerms(0.1, Form.BOXED, 0.25, 0.5, 10, 20);
        Score wrong = terms.on(WRONG, "\\boxed{5}......", true);
        assertThat(wrong.reward()).isEqualTo(-0.25, within(1e-12));
        assertThat(wrong.parts()).contains(entry("format", 0.0), entry("form", 0.0), entry("length", -0.25));
        assertThat(terms.on(RIGHT, "\\boxed{4}", true).reward()).isEqualTo(1, within(1e-12));
    }

    @Test
    void termsAddUpAndShowAsParts() {
        RewardTerms terms = new RewardTerms(0.1, Form.BOXED, 0.25, 0.5, 10, 20);
        Score score = terms.on(WRONG, "\\boxed{5}......", false); // 15 characters: half the penalty
        assertThat(score.reward()).isEqualTo(0.1 + 0.25 - 0.25, within(1e-12));
        assertThat(score.parts())
                .containsOnly(
                        entry(Score.CORRECT, 0.0), entry("format", 0.1), entry("form", 0.25), entry("length", -0.25));
        assertThat(score.parsed()).isEqualTo("5");
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "10, 0", "12, -0.1", "20, -0.5", "1000, -0.5"})
    void theLengthPenaltyGrowsLinearlyToTheWhole(int characters, double expected) {
        RewardTerms terms = new RewardTerms(0, Form.NONE, 0, 0.5, 10, 20);
        assertThat(terms.on(NONE, "x".repeat(characters), false).reward()).isEqualTo(expected, within(1e-12));
    }

    @ParameterizedTest
    @CsvSource({
        "THINK, <think>a</think>b, true",
        "THINK, a</think>b, true", // opened by the prompt
        "THINK, <think>a</think>, false",
        "THINK, <think>a, false",
        "THINK, x<think>a</think>b, false",
        "THINK, <think>a</think><think>b</think>c, false",
        "THINK_ANSWER, <think>a</think> <answer>b</answer>, true",
        "THINK_ANSWER, <think>a</think> <answer>b</answer> c, false",
        "THINK_ANSWER, <think>a</think><answer>b</answer><answer>c</answer>, false",
        "THINK_ANSWER, <answer>b</answer>, false",
        "BOXED, so \\boxed{4}, true",
        "BOXED, <think>\\boxed{3}</think>so \\boxed{4}, true",
        "BOXED, <think>\\boxed{4}</think>4, false",
        "BOXED, <think>\\boxed{4}, false",
        "BOXED, 4, false"
    })
    void aFormIsToldByItsMarks(Form form, String response, boolean has) {
        assertThat(form.of(response)).isEqualTo(has);
    }

    @Test
    void hostileResponsesHaveNoFormAndTakeNoTime() {
        for (String unit : List.of("<think>", "</think>", "<answer>", "\\boxed", "</think><answer>", " ")) {
            String text = unit.repeat(1_000_000 / unit.length());
            for (Form form : Form.values()) {
                assertThat(form.of(text)).isFalse();
            }
        }
    }

    @Test
    void termsOutOfRangeAreRefused() {
        assertThatThrownBy(() -> new RewardTerms(1, Form.NONE, 0, 0, 0, 1))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("format reward 1.0");
        assertThatThrownBy(() -> new RewardTerms(Double.NaN, Form.NONE, 0, 0, 0, 1))
                .hasMessageContaining("NaN");
        assertThatThrownBy(() -> new RewardTerms(0, Form.BOXED, -1, 0, 0, 1)).hasMessageContaining("form reward -1.0");
        assertThatThrownBy(() -> new RewardTerms(0, Form.NONE, 0, 1, 5, 5)).hasMessageContaining("length 5 to 5");
    }
}
