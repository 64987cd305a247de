package dev.upbeat.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.io.BadInputException;
import dev.upbeat.trace.Message;
import dev.upbeat.trace.Prompt;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PromptStyleTest {
    private static final String SYSTEM = "Please reason step by step, and put your final answer within \\boxed{}.";

    @Test
    void thePapersPromptPutsTheLastSentenceApart() {
        assertThat(PromptStyle.PAPER.messages("Mr. Kim has 3.5 kg of rice. He eats 1 kg. How much is left?"))
                .containsExactly(
                        new Message("system", SYSTEM),
                        new Message(
                                "user",
                                "Context: Mr. Kim has 3.5 kg of rice. He eats 1 kg.\nQuestion: How much is left?"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            He has 3.5 kg at $2.50. How much is that?              | How much is that?
            Tom has 2. How many has Mr. Kim, or Dr. Lee?           | How many has Mr. Kim, or Dr. Lee?
            J. Smith has 2.                                        | J. Smith has 2.
            A pen is red. "Is it red?" he asked. Is it?            | Is it?
            A pen is red. He asked, \u201cHow many?\u201d and left.       | He asked, \u201cHow many?\u201d and left.
            He said "Go." Then he left.                            | Then he left.
            Let n = 4. What is n! + 3?                             | What is n! + 3?
            Read No. 5 first. How long is No. 7?                   | How long is No. 7?
            Is it so? No. How many then?                           | How many then?
            He works until 5 p.m. How long?                        | How long?
            ABC has a right angle at A. Find BC.                   | Find BC.
            He sees cats, dogs etc. How many?                      | How many?
            Is x > 3? If so, why?                                  | If so, why?
            """)
    void theLastSentenceIsFound(String question, String last) {
        String context =
                question.substring(0, question.length() - last.length()).strip();
        assertThat(PromptStyle.PAPER.messages(question).get(1).content())
                .isEqualTo((context.isEmpty() ? "" : "Context: " + context + "\n") + "Question: " + last);
    }

    @Test
    void aLineBreakBeginsNoSentence() {
        assertThat(PromptStyle.PAPER
                        .messages("One pen\ncosts 2. How much\nare two?")
                        .get(1)
                        .content())
                .isEqualTo("Context: One pen\ncosts 2.\nQuestion: How much\nare two?");
    }

    @Test
    void aQuestionOfOneSentenceHasNoContext() {
        assertThat(PromptStyle.PAPER.messages("What is $1 + 1$?").get(1).content())
                .isEqualTo("Question: What is $1 + 1$?");
    }

    @Test
    void eachBenchmarkHasItsUsualPrompt() {
        assertThat(Benchmark.GSM8K.prompt().messages("2 + 2?"))
                .containsExactly(new Message(
                        "user", "2 + 2? Let's think step by step and output the final answer after \"####\"."));
        assertThat(Benchmark.AIME24.prompt().messages("2 + 2?"))
                .containsExactly(new Message("system", SYSTEM), new Message("user", "2 + 2?"));
        assertThat(Benchmark.DAPO_MATH.prompt().messages("2 + 2?").get(0).content())
                .contains("\n\n2 + 2?\n\n")
                .endsWith("after \"Answer:\".");
        assertThat(Benchmark.AIME24.prompt().text("2 + 2?")).isEqualTo(SYSTEM + "\n\n2 + 2?\n\n");
    }

    @Test
    void aTemplateOfOnesOwnHoldsTheQuestion() {
        PromptStyle own = PromptStyle.of("Q: {question}\nA:", PromptStyle.BARE);
        assertThat(own.messages("a $1 {question}?")).containsExactly(new Message("user", "Q: a $1 {question}?\nA:"));
        assertThat(PromptStyle.of("usual", PromptStyle.HASHES)).isEqualTo(PromptStyle.HASHES);
        assertThatThrownBy(() -> PromptStyle.of("papr", PromptStyle.BARE))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("prompt papr")
                .hasMessageContaining("{question}");
    }

    @Test
    void aRowsPromptIsUnchangedWithoutAStyle() {
        List<Message> own = List.of(new Message("user", "How many?"));
        TaskRow both = new TaskRow("a", "2 + 2?", Prompt.of(own), true, "4", new TaskRow("a", "", null).fields(), null);
        TaskRow prompt = new TaskRow("b", null, Prompt.of(own), true, "4", both.fields(), null);
        assertThat(new Prompting(null, PromptStyle.BARE).problem(both, "4").messages())
                .isEqualTo(own);
        assertThat(new Prompting("usual", PromptStyle.BARE).problem(both, "4").messages())
                .containsExactly(new Message("user", "2 + 2?"));
        assertThatThrownBy(() -> new Prompting("paper", PromptStyle.BARE).problem(prompt, "4"))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("row b");
    }

    @Test
    void theProtocolIsThePapersForAime() {
        assertThat(Benchmark.of("aime25").samples()).isEqualTo(16);
        assertThat(Benchmark.of("aime25").temperature(16)).isEqualTo(1);
        assertThat(Benchmark.of("aime25").temperature(1)).isZero();
        assertThat(Benchmark.of("math500").samples()).isEqualTo(1);
        assertThat(Benchmark.of("math500").temperature(4)).isZero();
        assertThat(Benchmark.NAMES).contains("dapo-math", "crossthink-qa", "olympiadbench");
    }
}
