package dev.upbeat.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.io.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 1, unit = TimeUnit.MINUTES)
class WriterLockTest {
    @TempDir
    private Path directory;

    /** Takes a place, and holds it until it is killed. */
    static final class Holder {
        public static void main(String[] args) throws Exception {
            try (StagedDirectory held = new StagedDirectory(Path.of(args[0]), null)) {
                System.out.println(held.path());
                System.in.read();
            }
        }
    }

    private static Process hold(Path place) throws IOException {
        Process holder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        place.toString())
                .start();
        assertThat(holder.inputReader().readLine()).contains(place.getFileName().toString());
        return holder;
    }

    @Test
    void theSecondProcessIsRefusedBeforeItsWork() throws Exception {
        Path place = directory.resolve("run");
        Process holder = hold(place);
        try {
            assertThatThrownBy(() -> RunWriter.create(place, false))
                    .isInstanceOf(BadInputException.class)
                    .hasMessageContainingAll(place.toString(), "another process");
            assertThatThrownBy(() -> EvalWriter.create(place, true)).isInstanceOf(BadInputException.class);
            assertThatThrownBy(() -> TrainingRun.reserve(place)).isInstanceOf(BadInputException.class);
        } finally {
            holder.destroyForcibly().waitFor();
        }
        RunWriter.create(place, false).close(); // the lock of a killed process stops nobody
        assertThat(Files.exists(directory.resolve(".run.lock"))).isFalse();
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "a limit on the size of files stands in for a full disk")
    void anUnwritableLockIsNamedAndLeavesNothing() throws Exception {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Process limited = new ProcessBuilder(
                        "sh",
                        "-c",
                        "ulimit -f 0; exec \"$@\"",
                        "sh",
                        java.toString(),
                        "-XX:-UsePerfData",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        directory.resolve("new/run").toString())
                .start();
        assertThat(new String(limited.getErrorStream().readAllBytes(), UTF_8)).contains(".run.lock");
        assertThat(limited.waitFor()).isNotZero();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aPlaceIsFreeAgainOnceItIsClosed() throws IOException {
        Path place = directory.resolve("run");
        StagedDirectory first = new StagedDirectory(place, null);
        assertThatThrownBy(() -> new StagedDirectory(place, null)).isInstanceOf(BadInputException.class);
        first.close();
        new StagedDirectory(place, null).close();
        assertThat(directory).isEmptyDirectory();
    }

    /** Says whether a directory is held. */
    static final class Looker {
        public static void main(String[] args) throws Exception {
            System.out.println(WriterLock.isHeld(Path.of(args[0])));
        }
    }

    @Test
    void lookingAtAHeldDirectoryLeavesItHeld() throws Exception {
        Path run = Files.createDirectory(directory.resolve("run"));
        try (WriterLock lock = WriterLock.hold(run, "held")) {
            assertThat(WriterLock.isHeld(run)).isTrue();
            Process other = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Looker.class.getName(),
                            run.toString())
                    .start();
            assertThat(other.inputReader().readLine()).isEqualTo("true");
        }
        assertThat(WriterLock.isHeld(run)).isFalse();
    }

    @Test
    void aLinkInThePlaceOfTheLockIsRefused() throws IOException {
        Path outside = directory.resolve("outside");
        Files.createSymbolicLink(directory.resolve(".run.lock"), outside);
        assertThatThrownBy(() -> new StagedDirectory(directory.resolve("run"), null))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll(".run.lock", "symbolic link");
        assertThat(outside).doesNotExist();
    }
}
