package dev.upbeat.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be told before the first puzzle is told before it; {@code .ci/run} runs the demo whole. */
class DemoCommandTest {
    @TempDir
    Path directory;

    @Test
    void noStepsAreRefusedBeforeAnythingIsShown() {
        Cli.upbeat("demo", "--steps", "0", "--out", directory.resolve("run"))
                .refused("--steps 0", "at least 1", "default: 20");
        assertThat(Cli.names(directory)).isEmpty();
    }

    @Test
    void anExistingDirectoryIsRejectedFirst() throws IOException {
        Path run = Files.createDirectories(directory.resolve("run"));
        Files.writeString(run.resolve("mine"), "mine");
        Cli.upbeat("demo", "--out", run).refused("--out " + run, "empty or new directory", "another");
        assertThat(run.resolve("mine")).hasContent("mine");
        Cli.upbeat("demo", "--out", run.resolve("mine")).refused("cannot be used");
    }
}
