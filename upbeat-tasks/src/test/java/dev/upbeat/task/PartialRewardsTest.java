package dev.upbeat.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.task.RewardTerms.Form;
import dev.upbeat.task.countdown.Countdown;
import dev.upbeat.task.countdown.CountdownSettings;
import dev.upbeat.task.math.MathTask;
import dev.upbeat.task.qa.QuestionTask;
import dev.upbeat.task.zebra.GridSize;
import dev.upbeat.task.zebra.ZebraLogic;
import dev.upbeat.task.zebra.ZebraSettings;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The reward of wrong answers in every task with a format reward of 0.1, for responses that ended or were cut off. */
class PartialRewardsTest {
    private static final RewardTerms FORMAT = new RewardTerms(0.1, Form.NONE, 0, 0, 0, 1);

    private static double reward(Task task, Problem problem, String response, boolean truncated) {
        return new RewardedTask(task, FORMAT)
                .verifyAll(List.of(problem), List.of(response), new boolean[] {truncated})
                .get(0)
                .reward();
    }

    private static Problem problem(String answer) {
        return new Problem("a", null, "?", answer);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            So #### 17                                    | 0.1 | 0
            so \\boxed{17}                                | 0.1 | 0
            <answer>17</answer>                           | 0.1 | 0
            The answer is 17.                             | 0.1 | 0
            She sells 16 - 3 = 13 eggs, so she has 13     | 0   | 0
            17                                            | 0   | 0
            no number                                     | 0   | 0
            <think>#### 17                                | 0   | 0
            So #### 18                                    | 1   | 1
            16 + 2 = 18                                   | 1   | 1
            """)
    void mathematicsPaysForAMarkedAnswer(String response, double ended, double truncated) {
        Task task = new MathTask("gsm8k", new Prompting(null, PromptStyle.BARE));
        assertThat(reward(task, problem("18"), response, false)).isEqualTo(ended);
        assertThat(reward(task, problem("18"), response, true)).isEqualTo(truncated);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            The answer is (A)                             | 0.1 | 0
            I choose A                                    | 0   | 0
            The answer is (B)                             | 1   | 1
            I choose B                                    | 1   | 1
            """)
    void aChoiceIsMarkedLikeANumber(String response, double ended, double truncated) {
        Task task = new MathTask("math", new Prompting(null, PromptStyle.BARE));
        assertThat(reward(task, problem("B"), response, false)).isEqualTo(ended);
        assertThat(reward(task, problem("B"), response, true)).isEqualTo(truncated);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            It is Rome.                                   | 0   | 0
            Answer: Rome                                  | 0.1 | 0
            \\boxed{Rome}                                 | 0.1 | 0
            Paris                                         | 1   | 1
            """)
    void aShortAnswerIsMarkedUnlessItIsTheLastLine(String response, double ended, double truncated) {
        Task task = new QuestionTask("crossthink-qa", new Prompting(null, PromptStyle.BARE));
        Problem problem = problem("{\"answer\": \"Paris\", \"letters\": [], \"options\": {}}");
        assertThat(reward(task, problem, response, false)).isEqualTo(ended);
        assertThat(reward(task, problem, response, true)).isEqualTo(truncated);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            <answer>1 + 2</answer>                        | 0.1 | 0
            <answer> </answer>                            | 0   | 0
            1 + 2                                         | 0   | 0
            <answer>(1 + 2) * 3</answer> and then         | 1   | 1
            """)
    void countdownPaysForAnExpressionInItsTags(String response, double ended, double truncated) {
        Countdown task = Countdown.inWords(new CountdownSettings(3, 1, 1), null);
        Problem problem = problem("{\"numbers\": [1, 2, 3], \"target\": 9}");
        assertThat(reward(task, problem, response, false)).isEqualTo(ended);
        assertThat(reward(task, problem, response, true)).isEqualTo(truncated);
    }

    @Test
    void cellsOfAPuzzlePayOnlyInAResponseThatEnded() {
        ZebraLogic task = new ZebraLogic(new ZebraSettings(GridSize.parse("2x2"), 1, 1, 0.5));
        Problem problem = task.test().get(0);
        String right = problem.answer();
        String first = right.replaceFirst("\\}.*", "}}"); // the first house alone
        double[] rewards = {0.25, 0};
        for (boolean truncated : new boolean[] {false, true}) {
            assertThat(task.verifyAll(List.of(problem), List.of(first), new boolean[] {truncated})
                            .get(0)
                            .reward())
                    .isEqualTo(rewards[truncated ? 1 : 0]);
            assertThat(task.verifyAll(List.of(problem), List.of(right), new boolean[] {truncated})
                            .get(0)
                            .reward())
                    .isEqualTo(1);
        }
    }
}
