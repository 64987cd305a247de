package dev.upbeat.task.qa;

import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.task.Problem;
import dev.upbeat.task.PromptStyle;
import dev.upbeat.task.Prompting;
import dev.upbeat.task.TaskRow;
import dev.upbeat.trace.Score;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamedOptionsTest {
    private static final QuestionTask TASK = new QuestionTask("qa", new Prompting(null, PromptStyle.BARE));
    private static final String QUESTION = "Capital of France?\nA: Rome\nB: Paris\nC: Berlin\nD: Madrid";
    private static final Problem PARIS = TASK.problem(new TaskRow("q", QUESTION, "B"));

    private static Score verdict(Problem problem, String response) {
        return TASK.verify(problem, response);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\\boxed{B, C}",
                "Answer: B and C",
                "\\boxed{B,C}",
                "\\boxed{B;C}",
                "\\boxed{B/C}",
                "\\boxed{B \\& C}",
                "\\boxed{BC}",
                "\\boxed{B C}",
                "\\boxed{(B), (C)}",
                "\\boxed{\\{B, C\\}}",
                "\\boxed{\\text{B and C}}",
                "\\boxed{\\text{(B)} \\text{ and } \\text{(C)}}",
                "\\boxed{\\textbf{B},\\ \\textbf{C}}",
                "\\boxed{B} and \\boxed{C}",
                "\\boxed{C}, \\boxed{B}",
                "$\\boxed{C}$ or $\\boxed{B}$",
                "\\boxed{B. Paris and C. Berlin}",
                "\\boxed{Paris and Berlin}",
                "<answer>B\nC</answer>",
                "<answer>B: Paris, C: Berlin</answer>",
                "<answer>both B and C</answer>",
                "<answer>B or C</answer>",
                "<answer>B as well as C</answer>",
                "The answer is B, C and D.",
                "The answers are B and C.",
                "The correct answer is **B** and **C**.",
                "The correct options are (B) and (D)",
                "The answer is options A and B.",
                "The answer is B and C because both are large.",
                "Both B and C are correct.",
                "A, B, C, and D"
            })
    void anAnswerThatNamesSeveralOptionsIsWrong(String response) {
        assertThat(verdict(PARIS, response).reward()).as(response).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "B, C",
                "C and B",
                "\\boxed{B} and \\boxed{C}",
                "\\boxed{BC}",
                "<answer>(B), (C)</answer>",
                "The answers are B and C.",
                "\\boxed{Paris and Berlin}",
                "B. Paris and C. Berlin",
                "Both B and C are correct."
            })
    void severalOptionsAreRightWhereTheGoldNamesTheSame(String response) {
        for (String gold : new String[] {"B, C", "C and B", "BC", "B. Paris, C. Berlin"}) {
            assertThat(verdict(TASK.problem(new TaskRow("q", QUESTION, gold)), response)
                            .reward())
                    .as(gold + " by " + response)
                    .isOne();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"B", "C", "\\boxed{B}", "A, B and C", "\\boxed{BD}", "Paris"})
    void otherOptionsThanTheGoldsSetAreWrong(String response) {
        assertThat(verdict(TASK.problem(new TaskRow("q", QUESTION, "B, C")), response)
                        .reward())
                .as(response)
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "The answer is B, not C.",
                "The answer is B (not C).",
                "The answer is B, because C is in Germany.",
                "The answer is B. A and C are elsewhere.",
                "The answer is B: Paris, and nothing else.",
                "A and C are wrong, so B.",
                "A and C are wrong. So B.",
                "I choose (B).",
                "Not A and not C, therefore it's B.",
                "\\boxed{B} is right; A, C and D are not.",
                "\\boxed{C}\nWait. \\boxed{B}"
            })
    void oneOptionBesideOthersThatAreDeniedIsRight(String response) {
        assertThat(verdict(PARIS, response)).as(response).returns(1.0, Score::reward);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<think>First guess \\boxed{A}, but no.</think>\nThe answer is B.",
                "First guess \\boxed{A}.</think>The answer is B.",
                "<think>The answer is C.</think>\\boxed{B}",
                "<think>a</think>\\boxed{A}<think>no</think>\\boxed{B}",
                "<think>\\boxed{A}</think>\n\nB",
                "[THINK]\\boxed{A} and <answer>C</answer>[/THINK]<answer>B</answer>",
                "<thinking>Answer: D</thinking>Answer: B",
                "\\boxed{B}"
            })
    void onlyWhatFollowsTheThinkingIsRead(String response) {
        assertThat(verdict(PARIS, response)).as(response).returns(1.0, Score::reward);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<think>It is \\boxed{B}",
                "<think>\\boxed{B}</think>",
                "<think>\\boxed{B}</think>\n \n",
                "\\boxed{B}</think>",
                "\\boxed{B} <think>or not",
                "<think>a</think>\\boxed{B}<think>again",
                "<think>The answer is B.</think>I cannot tell."
            })
    void anAnswerThatOnlyTheThinkingHoldsIsNone(String response) {
        Score score = verdict(PARIS, response);
        assertThat(score.reward()).as(response).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"1/2; 1/2", "0.5; 1/2", "1, 2; '1,2'", "A tariff and a tax; A tariff and a tax"})
    void optionsOfNumbersAndOptionsWithJointsAreNoLists(String response, String text) {
        Problem problem = TASK.problem(new TaskRow("q", "Which?\nA: 1\nB: 2\nC: " + text + "\nD: a tax", "C"));
        assertThat(verdict(problem, "\\boxed{" + response + "}").reward())
                .as(response)
                .isOne();
    }

    @ParameterizedTest
    @CsvSource({
        "B because A is far, B",
        "B, 'B'",
        "'B, A good choice', B",
        "'AB', 'A B'",
        "'A, B', 'A B'",
        "Z, ''",
        "none of them, ''"
    })
    void lettersAreThoseThatTheAnswerNames(String answer, String letters) {
        assertThat(String.join(
                        " ",
                        NamedOptions.of(answer, Map.of("A", "Rome", "B", "Paris")).stream()
                                .sorted()
                                .toList()))
                .isEqualTo(letters);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "\\boxed{\\textbf{(C)}\\ Paris} # 0",
                "\\boxed{\\text{D) } Paris}     # 0",
                "\\boxed{\\mathrm{A}: Paris}    # 0",
                "\\boxed{\\textbf{(B)}\\ Paris} # 1",
                "\\boxed{\\textbf{(B)}\\ Rome}  # 1"
            })
    void aStyledLetterCountsBeforeTheTextBehindIt(String response, double reward) {
        assertThat(verdict(PARIS, response).reward()).as(response).isEqualTo(reward);
    }
}
