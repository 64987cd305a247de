package dev.upbeat.task.qa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.io.BadInputException;
import dev.upbeat.task.Problem;
import dev.upbeat.task.PromptStyle;
import dev.upbeat.task.Prompting;
import dev.upbeat.task.TaskRow;
import dev.upbeat.trace.Score;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuestionTaskTest {
    private static final QuestionTask TASK = new QuestionTask("qa", new Prompting(null, PromptStyle.BARE));
    private static final String QUESTION = "Which instrument has\nA: no strings at all?\nMind the details.\n"
            + "A: A violin\nB: a Drum, of any size\nC: The harp\nD: $1,200\nE: A violin.";
    private static final Problem DRUM = TASK.problem(new TaskRow("q", QUESTION, "B"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "B",
                "b",
                "I weigh A and C.\nSo the answer is \\boxed{B}.",
                "$\\boxed{\\text{B}}$",
                "\\boxed{\\textbf{(B)}}",
                "\\boxed{B: a Drum, of any size}",
                "\\boxed{a drum, of any  size.}",
                "\\boxed{A} no: \\boxed{B}, and \\boxed{ cut off",
                "<think>C?</think><answer>(B)</answer>",
                "The answer is (B).",
                "the correct option is B because drums have none",
                "The correct answer is **B: a Drum, of any size**.",
                "The best choice would be: B) a Drum",
                "**Answer:** B",
                "Answer:\nB",
                "Final answer: B.",
                "It must be a drum.\n\nB. a Drum, of any size",
                "It must be this:\na drum, of any size"
            })
    void theRightOptionIsRightInEveryDress(String response) {
        assertThat(TASK.verify(DRUM, response))
                .as(response)
                .returns(1.0, Score::reward)
                .returns("right", Score::reason);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " \n",
                "A",
                "\\boxed{C}",
                "\\boxed{}",
                "\\boxed{AB}",
                "\\boxed{Z}",
                "\\boxed{the harp}",
                "\\boxed{B} no: \\boxed{C}",
                "The answer is A violin",
                "The answer is B, or C.\n\\boxed{C: a Drum, of any size}",
                "B is tempting, but no.",
                "<answer>B or C</answer>",
                "drum machine"
            })
    void anythingElseIsWorthNothing(String response) {
        Score score = TASK.verify(DRUM, response);
        assertThat(score.reward()).as(response + ": " + score.parsed()).isZero();
        assertThat(score.reason()).isNotBlank();
    }

    @Test
    void optionsOfTheSameTextAreTheSameAnswer() {
        Problem violin = TASK.problem(new TaskRow("q", QUESTION, "A"));
        assertThat(TASK.verify(violin, "\\boxed{E}").correct()).isTrue();
        assertThat(TASK.verify(violin, "\\boxed{violin}").correct()).isTrue();
        assertThat(TASK.verify(violin, "\\boxed{C}").correct()).isFalse();
    }

    @Test
    void aGoldThatTellsTheTextIsTheLetterToo() {
        Problem harp = TASK.problem(new TaskRow("q", QUESTION, "C: The harp"));
        assertThat(TASK.verify(harp, "\\boxed{C}").correct()).isTrue();
        assertThat(TASK.verify(TASK.problem(new TaskRow("q", QUESTION, "The harp")), "C")
                        .correct())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\\boxed{Ludwig van Beethoven}",
                "The answer is ludwig  van Beethoven.",
                "<answer>**Ludwig van Beethoven**</answer>",
                "He was deaf.\nLudwig van Beethoven"
            })
    void aFreeAnswerIsComparedButForItsDress(String response) {
        Problem free = TASK.problem(new TaskRow("q", "Who wrote the Eroica?", "Ludwig van Beethoven"));
        assertThat(TASK.verify(free, response).correct()).isTrue();
        assertThat(TASK.verify(free, response.replace("van", "von")).correct()).isFalse();
    }

    @Test
    void aRowWithoutAnAnswerIsRefused() {
        assertThatThrownBy(() -> TASK.problem(new TaskRow("row-3", QUESTION, null)))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("row row-3 has no answer");
    }

    @Test
    void optionsAreTheLongestListAndGoOnOverLines() {
        assertThat(Options.of(QUESTION))
                .containsOnlyKeys("A", "B", "C", "D", "E")
                .containsEntry("C", "The harp");
        assertThat(Options.of("What is it?\n(A) one\nline\n(B) two"))
                .containsEntry("A", "one\nline")
                .hasSize(2);
        assertThat(Options.of("A. only one")).isEmpty();
        assertThat(Options.of("")).isEmpty();
    }

    @Test
    void hostileResponsesOfAMillionCharactersAreJudged() {
        for (String unit : List.of(
                "\\boxed{",
                "{",
                "}",
                "<answer>",
                "</answer>",
                "answer is ",
                "A",
                "(",
                "*",
                "$",
                "\\text{",
                "B\n",
                " ",
                "\u0000")) {
            String text = unit.repeat(1_000_000 / unit.length());
            for (String response : List.of(text, "\\boxed{" + text + "}", "<answer>" + text + "</answer>")) {
                assertThat(TASK.verify(DRUM, response)).isNotNull();
            }
        }
    }
}
