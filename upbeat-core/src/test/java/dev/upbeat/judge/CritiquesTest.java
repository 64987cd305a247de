package dev.upbeat.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.task.Problem;
import dev.upbeat.task.endpoint.ChatEndpoint.Answer;
import dev.upbeat.trace.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CritiquesTest {
    private static final Critiques CRITIQUES = new Critiques(4);

    private static double @Nullable [] read(String text) {
        return CRITIQUES.read(new Answer(text, true, List.of()), 3);
    }

    @Test
    void theLastLineNamesTheWrongSteps() {
        assertThat(read("Step 2 adds wrongly.\nWrong steps: 2, 3")).containsExactly(0, 1, 1);
        assertThat(read("**Wrong steps:** 1 3.\n")).containsExactly(1, 0, 1);
        assertThat(read("Wrong steps: 2\nNo, it is right.\n\nwrong steps: none"))
                .containsExactly(0, 0, 0);
        assertThat(read("Wrong step: 1")).containsExactly(1, 0, 0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "All steps are right.",
                "Wrong steps:",
                "Wrong steps: 4",
                "Wrong steps: 0",
                "Wrong steps: 1\nBye",
                "Wrong steps: two",
                "Wrong steps: 99999999999",
                "Wrong steps: none or 2"
            })
    void otherAnswersAreNoJudgement(String text) {
        assertThat(read(text)).isNull();
    }

    @Test
    void anAnswerThatWasCutOffIsNoJudgement() {
        assertThat(CRITIQUES.read(new Answer("Wrong steps: 1", false, List.of()), 3))
                .isNull();
    }

    @Test
    void longHostileLastLinesAreReadInLinearTime() {
        assertThat(read("Wrong steps" + ":".repeat(500_000))).isNull();
        assertThat(read("-".repeat(500_000) + "Wrong step: 1")).containsExactly(1, 0, 0);
        assertThat(read("Wrong steps: " + "1, ".repeat(200_000) + "2")).containsExactly(1, 1, 0);
        assertThat(read("Wrong steps: " + "1 ".repeat(200_000) + "x")).isNull();
    }

    @Test
    void theValueOfAStepIsTheShareThatCallsItWrong() {
        assertThat(CRITIQUES.values(List.of(new double[] {1, 0}, new double[] {1, 1}, new double[] {1, 0}), 2))
                .containsExactly(1, 1 / 3f);
    }

    @Test
    void thePromptHasQuestionStepsAndAnswer() {
        Problem problem = new Problem(
                "p", List.of(new Message("system", "Be brief."), new Message("user", "What is 2 + 3?")), null, "5");
        String prompt = CRITIQUES.prompt(problem, ResponseSteps.of(List.of("It is 6.", " Done.")));
        assertThat(prompt).contains("What is 2 + 3?", "Reference answer: 5", "Step 1: It is 6.", "Step 2: Done.");
        assertThat(prompt).doesNotContain("Be brief.");
        assertThat(CRITIQUES.prompt(new Problem("p", null, "Why?", ""), ResponseSteps.of(List.of("So."))))
                .contains("Why?")
                .doesNotContain("Reference answer");
    }
}
