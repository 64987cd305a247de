package dev.upbeat.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows has no signals")
class InterruptionTest {
    private @Nullable Process process;

    @AfterEach
    void leavesNoProcessBehind() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    @Test
    @EnabledOnOs(
            value = OS.LINUX,
            disabledReason = "needs GNU env: where tests run in the background SIGINT is ignored")
    void anInterruptedCommandSavesItsStateAndTheProcessSays130() throws Exception {
        process = start("60", "env", "--default-signal=INT");
        BufferedReader out = process.inputReader();
        assertThat(out.readLine()).isEqualTo("working");
        send("-INT", process);
        assertThat(out.readLine()).isEqualTo("saved");
        assertThat(process.waitFor()).isEqualTo(ExitCode.INTERRUPTED);
    }

    @Test
    void aCommandThatIsTerminatedSavesItsStateToo() throws Exception {
        process = start("60");
        BufferedReader out = process.inputReader();
        assertThat(out.readLine()).isEqualTo("working");
        send("-TERM", process);
        assertThat(out.readLine()).isEqualTo("saved");
        assertThat(process.waitFor()).isEqualTo(128 + 15);
    }

    @Test
    void aCommandThatDoesNotComeToAnEndIsStoppedAfterTheGrace() throws Exception {
        process = start("0");
        assertThat(process.inputReader().readLine()).isEqualTo("working");
        send("-TERM", process);
        assertThat(process.errorReader().readLine()).contains("still busy 0 s after the signal");
        assertThat(process.waitFor()).isEqualTo(128 + 15);
    }

    @Test
    void aCommandThatEndsByItselfLeavesNothingBehind() {
        try (Interruption interruption = Interruption.listen(Duration.ofSeconds(1))) {
            assertThat(interruption.requested()).isFalse();
        }
        // A second one can be had: the first is gone.
        try (Interruption interruption = Interruption.listen(Duration.ofSeconds(1))) {
            assertThat(interruption.requested()).isFalse();
        }
    }

    private static Process start(String graceSeconds, String... prefix) throws IOException {
        List<String> command = new ArrayList<>(List.of(prefix));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(LongCommand.class.getName(), graceSeconds));
        return new ProcessBuilder(command).start();
    }

    private static void send(String signal, Process process) throws Exception {
        Process kill = new ProcessBuilder("kill", signal, Long.toString(process.pid())).start();
        assertThat(kill.waitFor()).isZero();
    }

    /** Works until it is told to stop; with no grace it takes longer than it is given. */
    static final class LongCommand {
        public static void main(String[] args) throws InterruptedException {
            int graceSeconds = Integer.parseInt(args[0]);
            try (Interruption interruption = Interruption.listen(Duration.ofSeconds(graceSeconds))) {
                System.out.println("working");
                while (!interruption.requested() || graceSeconds == 0) {
                    Thread.sleep(5);
                }
                System.out.println("saved");
            }
        }
    }
}
