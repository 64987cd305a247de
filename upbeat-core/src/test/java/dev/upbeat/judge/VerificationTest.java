package dev.upbeat.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.upbeat.task.Problem;
import dev.upbeat.task.endpoint.ChatEndpoint.Answer;
import dev.upbeat.task.endpoint.ChatEndpoint.Token;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VerificationTest {
    private static final Verification VERIFICATION = new Verification();

    private static double @Nullable [] read(String text, Token... tokens) {
        return VERIFICATION.read(new Answer(text, true, List.of(tokens)), 2);
    }

    private static Token token(String text) {
        return new Token(text, Map.of());
    }

    @Test
    void labelsWithoutLogProbsAreZeroOrOne() {
        assertThat(read("Step 1: \\boxed{correct}\nStep 2: \\boxed{\\text{incorrect}}"))
                .containsExactly(1, 0);
        assertThat(read("\\boxed{ correct } \\boxed{correct}")).containsExactly(1, 1);
    }

    @Test
    void labelsAfterTheThoughtsCount() {
        assertThat(read("\\boxed{correct} perhaps</think>\\boxed{incorrect} and \\boxed{correct}"))
                .containsExactly(0, 1);
        assertThat(read("\\boxed{correct} \\boxed{incorrect} </think> The second step is wrong."))
                .containsExactly(1, 0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\\boxed{correct}",
                "\\boxed{correct} \\boxed{correct} \\boxed{correct}",
                "correct, incorrect",
                "\\boxed{right} \\boxed{wrong}",
                "\\boxed{correctness} \\boxed{correct}"
            })
    void anotherNumberOfLabelsIsNoJudgement(String text) {
        assertThat(read(text)).isNull();
    }

    @Test
    void anAnswerThatWasCutOffIsNoJudgement() {
        Answer cut = new Answer("\\boxed{correct} \\boxed{correct}", false, List.of());
        assertThat(VERIFICATION.read(cut, 2)).isNull();
    }

    @Test
    void theScoreIsTheProbabilityOfCorrectAmongTheLabels() {
        // 0.6 against 0.2, the rest is other text; then 0.1 against 0.3, with the brace in the token
        Token first =
                new Token("correct", Map.of("correct", Math.log(0.6), "in", Math.log(0.2), "maybe", Math.log(0.2)));
        Token second = new Token(
                "{in",
                Map.of("{in", Math.log(0.25), "{incorrect", Math.log(0.05), "{correct", Math.log(0.1), "{", -1.0));
        assertThat(read(
                        "\\boxed{correct} \\boxed{incorrect}",
                        token("\\boxed{"),
                        first,
                        token("} \\boxed"),
                        second,
                        token("correct}")))
                .containsExactly(new double[] {0.75, 0.25}, within(1e-12));
    }

    @Test
    void logProbsThatDoNotFitTheTextLeaveTheLabels() {
        String text = "\\boxed{correct} \\boxed{incorrect}";
        assertThat(read(text, new Token("other", Map.of("correct", -3.0)))).containsExactly(1, 0);
        assertThat(read(text, new Token(text, Map.of()))).containsExactly(1, 0);
    }

    @Test
    void thePromptHasTheQuestionAndNoAnswer() {
        Problem problem = new Problem("p", null, "What is 2 + 3?", "5");
        assertThat(VERIFICATION.prompt(problem, ResponseSteps.of(List.of("It is 6.", " Done."))))
                .contains("What is 2 + 3?", "each of the 2 steps", "Step 1: It is 6.", "Step 2: Done.")
                .doesNotContain("Reference");
    }
}
