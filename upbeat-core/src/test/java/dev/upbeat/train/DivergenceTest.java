package dev.upbeat.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.testing.OneThread;
import dev.upbeat.train.config.TrainConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Wherever numbers that are none show first, the training tells its step and keeps what it was made on. */
@ExtendWith(OneThread.class)
class DivergenceTest {
    @TempDir
    private static Path shared;

    @BeforeAll
    static void makeTheModel() throws IOException {
        TinyRuns.model(shared);
    }

    private static void diverges(TrainConfig config, String... message) throws IOException {
        assertThatThrownBy(() -> TinyRuns.train(config))
                .isExactlyInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll(message);
    }

    /** The second's own update is finite: weights of 1e30 and more show in what the next step writes. */
    @ParameterizedTest
    @CsvSource({"learn.entropy, 1e300", "learn.weight_decay, 1e32"})
    void aDivergedStepsTracesAreSaved(String key, String value) throws IOException {
        Path out = shared.resolve(key);
        diverges(
                TinyRuns.grpo(
                        shared,
                        "out=" + out,
                        key + "=" + value,
                        "learn.learning_rate=1",
                        "eval.every=0",
                        "checkpoint.every=1"),
                "step 1 diverged",
                "failed-step-000001.parquet");
        assertThat(out.resolve("failed-step-000001.parquet")).exists();
    }

    @Test
    void supervisedTrainingSavesItsBatchAsATracesFile() throws IOException {
        Path out = shared.resolve("supervised");
        diverges(
                TinyRuns.sft(
                        shared,
                        "out=" + out,
                        "learn.learning_rate=1",
                        "learn.weight_decay=1e32",
                        "learn.warmup=0",
                        "eval.every=0"),
                "diverged",
                "failed-step-");
        List<Path> saved;
        try (var files = Files.newDirectoryStream(out, "failed-step-*.jsonl")) {
            saved = List.of(files.iterator().next());
        }
        assertThat(Files.readAllLines(saved.get(0)))
                .hasSize(4)
                .allMatch(line -> line.contains("\"prompt_ids\":[") && line.contains("\"response_ids\":["));
    }
}
