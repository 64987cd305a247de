package dev.upbeat.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.checkpoint.Architecture;
import dev.upbeat.io.BadInputException;
import dev.upbeat.model.Decoder;
import dev.upbeat.rollout.Sampling;
import dev.upbeat.task.Problem;
import dev.upbeat.task.PuzzleOptions;
import dev.upbeat.task.RewardTerms;
import dev.upbeat.task.Task;
import dev.upbeat.task.TaskOptions;
import dev.upbeat.task.TaskRow;
import dev.upbeat.task.countdown.Countdown;
import dev.upbeat.task.countdown.CountdownSettings;
import dev.upbeat.task.countdown.SearchTokenizer;
import dev.upbeat.task.countdown.SearchWords;
import dev.upbeat.testing.OneThread;
import dev.upbeat.testing.TinyDecoder;
import dev.upbeat.tokenizer.HfTokenizer;
import dev.upbeat.tokenizer.PromptEncoder;
import dev.upbeat.trace.Message;
import dev.upbeat.trace.Score;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(OneThread.class)
class EvaluationTest {
    private static final Decoder DECODER = TinyDecoder.random(TinyDecoder.config(Architecture.LLAMA, 123, 64, 0), 4);
    private static final Sampling DRAWN = new Sampling(20, 1, 0, 1, 7, Set.of(SearchWords.EOS));

    private static HfTokenizer tokenizer;
    private static Evaluation evaluation;

    @BeforeAll
    static void load(@TempDir Path directory) throws IOException {
        Files.writeString(
                directory.resolve("tokenizer.json"), SearchTokenizer.files().get("tokenizer.json"));
        tokenizer = HfTokenizer.fromFolder(directory);
        evaluation = new Evaluation(DECODER, tokenizer, new PromptEncoder(tokenizer, null, Map.of()), 16);
    }

    @AfterAll
    static void close() {
        tokenizer.close();
        DECODER.close();
    }

    @Test
    void accuracyIsTheMeanOfTheVerdicts() {
        Task task = new EvenAnswers();
        List<Problem> problems = countdown().test().subList(0, 6);
        Evaluation.Result result = evaluation.run(task, problems, DRAWN, 3, Evaluation.SILENT);
        assertThat(result.problems()).extracting(AnsweredProblem::problem).isEqualTo(problems);
        int right = 0;
        for (AnsweredProblem problem : result.problems()) {
            assertThat(problem.answers()).hasSize(3);
            for (Answer answer : problem.answers()) {
                assertThat(answer.stopped()).isEqualTo(answer.tokens() < 20);
                assertThat(answer.text()).doesNotContain("<eos>");
                right += answer.score().correct() ? 1 : 0;
            }
        }
        assertThat(right).isBetween(1, 17);
        assertThat(result.accuracy().mean()).isEqualTo(right / 18.0);
    }

    @Test
    void theBatchSizeDoesNotChangeTheAnswers() {
        List<Problem> problems = countdown().test().subList(0, 5);
        List<AnsweredProblem> answered = evaluation
                .run(countdown(), problems, DRAWN, 2, Evaluation.SILENT)
                .problems();
        Evaluation one = new Evaluation(DECODER, tokenizer, new PromptEncoder(tokenizer, null, Map.of()), 1);
        assertThat(one.run(countdown(), problems, DRAWN, 2, Evaluation.SILENT).problems())
                .isEqualTo(answered);
    }

    @Test
    void progressEndsAtItsTotal() {
        long[] counts = new long[3];
        evaluation.run(countdown(), countdown().test().subList(0, 4), DRAWN, 2, new Evaluation.Listener() {
            @Override
            public void began(String stage, long tokens) {
                counts[0] = tokens;
            }

            @Override
            public void advanced(long tokens) {
                counts[1] += tokens;
            }

            @Override
            public void spared(long tokens) {
                counts[2] += tokens;
            }
        });
        assertThat(counts[0]).isEqualTo(8 * 20);
        assertThat(counts[1] + counts[2]).isEqualTo(counts[0]);
    }

    @Test
    void severalGreedyAnswersAreRefusedForTheyWouldBeOne() {
        Sampling greedy = Sampling.greedy(8, Set.of());
        assertThatThrownBy(() ->
                        evaluation.run(countdown(), countdown().test().subList(0, 1), greedy, 2, Evaluation.SILENT))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("samples 2")
                .hasMessageContaining("temperature");
    }

    @Test
    void aProblemThatFillsTheContextIsRefused() {
        Problem longer = new Problem("long-one", null, "6 ".repeat(80), "");
        assertThatThrownBy(() -> evaluation.run(countdown(), List.of(longer), DRAWN, 1, Evaluation.SILENT))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("problem long-one has 81 tokens")
                .hasMessageContaining("64");
    }

    @Test
    void theSearchVocabularyHasItsOwnPrompts() {
        Task task = Tasks.of(TaskOptions.of("countdown"), tokenizer);
        TaskOptions fives = new TaskOptions(
                "countdown", null, null, null, new PuzzleOptions(5, false, "all", 0, 10, 10), RewardTerms.NONE);
        assertThat(task.test().get(0).text()).matches("\\d+ \\d+ \\d+ > \\d+\n");
        assertThat(new PromptEncoder(tokenizer, null, Map.of())
                        .encode("problem", task.test().get(0).prompt()))
                .hasSize(7);
        assertThatThrownBy(() -> Tasks.of(fives, tokenizer)).hasMessageContaining("numbers 5");
    }

    @Test
    void anUnknownTaskIsRefusedWithTheKnownOnes() {
        assertThatThrownBy(() -> TaskOptions.of("cuntdown"))
                .isInstanceOf(BadInputException.class)
                .hasMessageStartingWith(
                        "task cuntdown is not known (countdown?); expected one of countdown, math, gsm8k");
    }

    @Test
    void aConversationWithoutAChatTemplateIsRefused() {
        Problem chat = new Problem("c", List.of(new Message("user", "6")), null, "");
        assertThatThrownBy(() -> new PromptEncoder(tokenizer, null, Map.of()).encode("problem c", chat.prompt()))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("problem c")
                .hasMessageContaining("chat template");
    }

    private static Countdown countdown() {
        return Countdown.asSearch(new CountdownSettings(3, 10, 10));
    }

    /** An answer is right when it has an even number of characters. */
    @NullMarked
    private static final class EvenAnswers implements Task {
        @Override
        public String name() {
            return "even";
        }

        @Override
        public Problem problem(TaskRow row) {
            return new Problem(row.id(), null, row.asked(), "");
        }

        @Override
        public Score verify(Problem problem, String response) {
            double right = response.length() % 2 == 0 ? 1 : 0;
            return new Score(right, Map.of(Score.CORRECT, right), response, "counted");
        }
    }
}
