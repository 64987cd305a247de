package dev.upbeat.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows has no signals")
class InterruptionTest {
    @Test
    void anInterruptedCommandSavesItsStateAndTheProcessSays130() throws Exception {
        Process process = start("60");
        BufferedReader out = process.inputReader();
        assertThat(out.readLine()).isEqualTo("working");
        interrupt(process);
        assertThat(out.readLine()).isEqualTo("saved");
        assertThat(process.waitFor()).isEqualTo(ExitCode.INTERRUPTED);
    }

    @Test
    void aCommandThatDoesNotComeToAnEndIsStoppedAfterTheGrace() throws Exception {
        Process process = start("0");
        assertThat(process.inputReader().readLine()).isEqualTo("working");
        interrupt(process);
        assertThat(process.errorReader().readLine()).contains("still busy 0 s after the signal");
        assertThat(process.waitFor()).isEqualTo(ExitCode.INTERRUPTED);
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

    private static Process start(String graceSeconds) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        LongCommand.class.getName(),
                        graceSeconds)
                .start();
    }

    private static void interrupt(Process process) throws Exception {
        assertThat(new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
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
