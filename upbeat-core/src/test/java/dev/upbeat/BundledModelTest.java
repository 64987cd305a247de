package dev.upbeat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.eval.Accuracy;
import dev.upbeat.eval.Evaluation;
import dev.upbeat.eval.Tasks;
import dev.upbeat.task.Problem;
import dev.upbeat.task.Task;
import dev.upbeat.task.TaskOptions;
import dev.upbeat.tokenizer.PromptEncoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code models/countdown} against what its card says of it. */
class BundledModelTest {
    private static final Path DIRECTORY = Path.of("../models/countdown");

    private static Upbeat model;
    private static String card;

    @BeforeAll
    static void load() throws IOException {
        model = Upbeat.load(DIRECTORY.toString());
        card = Files.readString(DIRECTORY.resolve("README.md"));
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static String told(String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(card);
        assertThat(matcher.find()).as("the card tells %s", pattern).isTrue();
        return matcher.group(1);
    }

    @Test
    void theWeightsAreThoseOfTheCard() {
        assertThat(model.checkpoint().sha256()).isEqualTo(told("`model.safetensors` \\| sha256 ([0-9a-f]{64})"));
        long parameters = model.checkpoint().weights().names().stream()
                .mapToLong(name ->
                        Arrays.stream(model.checkpoint().weights().shape(name)).reduce(1, Math::multiplyExact))
                .sum();
        assertThat(String.format(Locale.ROOT, "%,d", parameters)).isEqualTo(told("([0-9,]+) parameters"));
        assertThat(model.config().vocabulary()).isEqualTo(Integer.parseInt(told("(\\d+) words")));
        assertThat(model.tokenizer().vocabularySize()).isEqualTo(model.config().vocabulary());
        assertThat(model.hasChatTemplate()).isFalse();
    }

    @Test
    void itSolvesHalfOfTheFirstHeldOutPuzzles() {
        assertThat(greedy(64).mean()).isGreaterThanOrEqualTo(0.5);
    }

    @Test
    @Tag("slow")
    void theCardsAccuracyHolds() {
        double low = Double.parseDouble(told("greedy \\|.* interval ([0-9.]+) to"));
        double high = Double.parseDouble(told("greedy \\|.* to ([0-9.]+);"));
        assertThat(100 * greedy(512).mean()).isBetween(low, high);
    }

    private static Accuracy greedy(int puzzles) {
        Task task = Tasks.of(TaskOptions.of("countdown"), model.tokenizer());
        List<Problem> heldOut = task.test().subList(0, puzzles);
        Evaluation evaluation = new Evaluation(
                model.decoder(),
                model.tokenizer(),
                new PromptEncoder(model.tokenizer(), null, Map.of()),
                Evaluation.DEFAULT_BATCH);
        return evaluation
                .run(task, heldOut, model.greedy(model.config().context()), 1, Evaluation.SILENT)
                .accuracy();
    }
}
