package dev.upbeat.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.upbeat.testing.OneThread;
import dev.upbeat.train.config.TrainConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Processes that are killed without a warning, at random instants. */
@ExtendWith(OneThread.class)
class KilledTrainingTest {
    private static final String[] SHORT = {"learn.steps=12", "journal.traces_every=3"};
    private static final String[] LONG = {
        "learn.steps=40", "checkpoint.every=3", "eval.every=7", "journal.traces_every=5"
    };

    @TempDir
    private static Path shared;

    @BeforeAll
    static void makeTheModel() throws IOException {
        TinyRuns.model(shared);
    }

    @Test
    void aTrainingKilledTwiceEndsAlike() throws Exception {
        killAndCompare(2, 12, SHORT);
    }

    @Test
    @Tag("slow")
    void aTrainingKilledTwentyTimesEndsAlike() throws Exception {
        killAndCompare(20, 40, LONG);
    }

    private static void killAndCompare(int kills, int steps, String... overrides) throws Exception {
        Path whole = shared.resolve("whole-" + kills);
        TinyRuns.train(withOut(whole, overrides));
        Path killed = shared.resolve("killed-" + kills);
        TrainConfig config = withOut(killed, overrides);
        Path file = shared.resolve("killed-" + kills + ".yaml");
        new YAMLMapper().writeValue(file.toFile(), config.resolved());
        SplittableRandom random = new SplittableRandom(kills);
        int lines = 0;
        for (int kill = 0; kill < kills; kill++) {
            Process process = start(file);
            // Some progress each time, else the instants would all lie in the start.
            int until = Math.min(steps, lines + 1 + random.nextInt(Math.max(1, 2 * steps / kills)));
            while (process.isAlive() && lines(killed) < until) {
                Thread.sleep(1);
            }
            Thread.sleep(random.nextInt(30));
            process.destroyForcibly();
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            lines = lines(killed);
        }
        TinyRuns.train(config, true, () -> false);
        assertThat(TinyRuns.metrics(killed)).hasSize(steps + 1).isEqualTo(TinyRuns.metrics(whole));
        assertThat(killed.resolve("eval.jsonl")).hasSameTextualContentAs(whole.resolve("eval.jsonl"));
        TinyRuns.requireSameCheckpoint(killed.resolve("checkpoint-" + steps), whole.resolve("checkpoint-" + steps));
    }

    private static TrainConfig withOut(Path out, String... overrides) throws IOException {
        String[] all = Arrays.copyOf(overrides, overrides.length + 1);
        all[overrides.length] = "out=" + out;
        return TinyRuns.grpo(shared, all);
    }

    private static int lines(Path run) throws IOException {
        Path metrics = run.resolve("metrics.jsonl");
        return Files.exists(metrics) ? (int) Files.readString(metrics).lines().count() : 0;
    }

    private static Process start(Path config) throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                config.toString());
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** The process that is killed. */
    static final class Child {
        public static void main(String[] args) throws IOException {
            TinyRuns.train(TrainConfig.read(Path.of(args[0]), List.of()), true, () -> false);
        }
    }
}
