package dev.upbeat.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.io.BadInputException;
import dev.upbeat.testing.OneThread;
import dev.upbeat.trace.Trace;
import dev.upbeat.train.config.SftConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Supervised training of a model that has a vocabulary of its own, on demonstrations in words. */
@ExtendWith(OneThread.class)
class DemonstrationTrainingTest {
    @TempDir
    private Path directory;

    @BeforeEach
    void writeTokenizer() throws IOException {
        try (InputStream tokenizer = getClass().getResourceAsStream("/tokenizers/smollm.json")) {
            Files.copy(Objects.requireNonNull(tokenizer), directory.resolve("tokenizer.json"));
        }
        Files.writeString(directory.resolve("generation_config.json"), "{\"eos_token_id\": 0}");
    }

    private SftConfig config(int context, String... overrides) throws IOException {
        String[] all = Arrays.copyOf(overrides, overrides.length + 3);
        all[overrides.length] = "tokenizer=" + directory;
        all[overrides.length + 1] = "architecture.context=" + context;
        all[overrides.length + 2] = "eval.every=0";
        return (SftConfig) TinyRuns.sft(directory, all);
    }

    @Test
    void demonstrationsAreEncodedWithTheirPrompt() throws IOException {
        SftConfig config = config(1400, "task.puzzles=small");
        try (StartModel model = Training.newModel(config)) {
            Encoding encoding = model.encoding();
            SupervisedData data = SupervisedData.of(config, encoding);
            List<Trace> batch = data.batch(2);
            assertThat(batch)
                    .extracting(Trace::id)
                    .containsExactly("search-0-8", "search-0-9", "search-0-10", "search-0-11");
            assertThat(data.validation()).hasSize(4).allMatch(trace -> trace.id()
                    .startsWith("held-out-0-"));
            Trace first = batch.get(0);
            assertThat(encoding.text(first.promptIds())).endsWith("Let me solve this step by step.\n<think>");
            assertThat(encoding.text(first.responseIds())).startsWith("\nTry ").endsWith("</answer>");
            assertThat(data.batch(2).get(0).responseIds()).isEqualTo(first.responseIds());
        }
    }

    @Test
    void aModelLearnsFromThem() throws IOException {
        Training.Result result = TinyRuns.train(config(1400, "task.puzzles=small", "learn.steps=3", "learn.batch=2"));
        assertThat(result.steps()).isEqualTo(3);
    }

    @Test
    void otherPuzzlesAndPromptsHaveNone() {
        assertThatThrownBy(() -> TinyRuns.train(config(1400)))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("task.puzzles")
                .hasMessageContaining("small: there are demonstrations in words only of small puzzles");
        assertThatThrownBy(() -> TinyRuns.train(config(1400, "task.puzzles=small", "task.prompt=boxed")))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("task.prompt");
        assertThatThrownBy(() -> TinyRuns.train(config(600, "task.puzzles=small")))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("context of 600");
    }
}
