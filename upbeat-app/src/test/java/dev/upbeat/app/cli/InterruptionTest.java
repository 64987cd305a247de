package dev.upbeat.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows has no signals")
class InterruptionTest {
    private static final String NEEDS_GNU_ENV = "needs GNU env: where tests run in the background SIGINT is ignored";

    @TempDir
    Path directory;

    private @Nullable Process process;

    @AfterEach
    void leavesNoProcessBehind() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = NEEDS_GNU_ENV)
    void anInterruptedCommandCleansUpAndTheProcessSays130() throws Exception {
        process = start(List.of("env", "--default-signal=INT"), LongCommand.class.getName());
        BufferedReader out = process.inputReader();
        assertThat(out.readLine()).isEqualTo("working");
        send("-INT", process);
        assertThat(out.readLine()).isEqualTo("cleaned up");
        assertThat(process.waitFor()).isEqualTo(ExitCode.INTERRUPTED);
    }

    @Test
    void aCommandThatIsTerminatedCleansUpToo() throws Exception {
        process = start(List.of(), LongCommand.class.getName());
        BufferedReader out = process.inputReader();
        assertThat(out.readLine()).isEqualTo("working");
        send("-TERM", process);
        assertThat(out.readLine()).isEqualTo("cleaned up");
        assertThat(process.waitFor()).isEqualTo(128 + 15);
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = NEEDS_GNU_ENV)
    void anInterruptedAnalysisLeavesNothingBehind() throws Exception {
        Path model = TinyModel.write(directory.resolve("tiny"));
        Path traces = TinyModel.traces(directory.resolve("traces.jsonl"), 3000, 4, 60);
        Path runs = directory.resolve("runs");
        List<String> analyze = List.of("analyze", "" + model, "--traces", "" + traces, "--out", "" + runs.resolve("a"));
        List<String> command = new ArrayList<>(List.of("-Dupbeat.terminal=true", Main.class.getName()));
        command.addAll(analyze);
        command.add("--beyond-context");
        process = start(List.of("env", "--default-signal=INT"), command.toArray(String[]::new));
        awaitText("observing", process.errorReader());
        assertThat(Files.exists(runs)).as("the place of the run is taken").isTrue();
        send("-INT", process);
        assertThat(process.waitFor()).isEqualTo(ExitCode.INTERRUPTED);
        assertThat(Cli.names(directory)).containsExactly("tiny", "traces.jsonl");
        assertThat(process.inputReader().readLine()).isNull();
    }

    @Test
    void aCommandThatEndsByItselfIsNotCleanedUp() {
        AtomicBoolean cleaned = new AtomicBoolean();
        try (Interruption interruption = Interruption.cleaningUpBy(() -> cleaned.set(true))) {
            assertThat(interruption).isNotNull();
        }
        // A second one can be had: the first is gone.
        try (Interruption interruption = Interruption.cleaningUpBy(() -> cleaned.set(true))) {
            assertThat(interruption).isNotNull();
        }
        assertThat(cleaned).isFalse();
    }

    @Test
    void aStoppedCommandEndsWithoutAReaderOfItsOutput() throws Exception {
        process = start(List.of(), CommandWithoutReader.class.getName());
        assertThat(process.inputReader().readLine()).isEqualTo("working");
        send("-TERM", process);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("ended").isTrue();
        assertThat(process.exitValue()).isEqualTo(ExitCode.INTERRUPTED);
    }

    private static void awaitText(String text, BufferedReader from) throws IOException {
        StringBuilder seen = new StringBuilder();
        while (seen.indexOf(text) < 0) {
            int next = from.read();
            assertThat(next).as("end of standard error after: " + seen).isNotNegative();
            seen.append((char) next);
        }
    }

    private static Process start(List<String> prefix, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).start();
    }

    private static void send(String signal, Process process) throws Exception {
        // the shell's own kill: a bare Debian has no other
        Process kill = new ProcessBuilder("sh", "-c", "kill " + signal + " " + process.pid()).start();
        assertThat(kill.waitFor()).isZero();
    }

    /** Works until it is told to stop. */
    static final class LongCommand {
        public static void main(String[] args) throws InterruptedException {
            try (Interruption interruption = Interruption.cleaningUpBy(() -> System.out.println("cleaned up"))) {
                System.out.println("working");
                Thread.sleep(TimeUnit.MINUTES.toMillis(2));
            }
        }
    }

    /** Works until it is asked to stop; nobody reads its result. */
    static final class CommandWithoutReader {
        public static void main(String[] args) throws InterruptedException {
            PrintWriter out = new PrintWriter(new StringWriter()) {
                @Override
                public void flush() {
                    throw new StandardOutput.ReaderGone(new IOException("Broken pipe"));
                }
            };
            try (GracefulStop stop = new GracefulStop(out)) {
                System.out.println("working");
                while (!stop.asked()) {
                    Thread.sleep(10);
                }
            } finally {
                System.exit(ExitCode.DONE);
            }
        }
    }
}
