package dev.upbeat.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.io.BadInputException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private final CommandLine upbeat = configured(new CommandLine(new Main()));

    @Test
    void everyCommandShowsARunnableExampleInItsHelp() {
        for (CommandLine command : all(upbeat)) {
            String name = command.getCommandSpec().qualifiedName();
            String help = command.getUsageMessage(CommandLine.Help.Ansi.OFF);
            String example = help.substring(Math.max(0, help.indexOf("Example")));
            assertThat(example).as("examples of " + name).startsWith("Example").contains("  " + name);
        }
    }

    @Test
    void theFormOfAListIsShownOnceInTheHelp() {
        for (CommandLine command : all(upbeat)) {
            assertThat(command.getUsageMessage(CommandLine.Help.Ansi.OFF))
                    .as(command.getCommandName())
                    .doesNotContainPattern("(,[A-Z.]+\\]?\\[,)|(\\.{4,})");
        }
    }

    @Test
    void everyCommandHasTheCommonOptions() {
        for (CommandLine command : all(upbeat)) {
            assertThat(command.getCommandSpec().optionsMap())
                    .as(command.getCommandName())
                    .containsKeys("--help", "--version", "--quiet", "--verbose", "--threads");
        }
    }

    @Test
    void everyCommandTellsTheVersionOnStandardOutput() {
        for (CommandLine command : all(upbeat)) {
            out.getBuffer().setLength(0);
            List<String> args = new ArrayList<>(
                    List.of(command.getCommandSpec().qualifiedName().split(" ")));
            args.remove(0);
            args.add("--version");
            assertThat(Main.execute(upbeat, args.toArray(String[]::new))).isZero();
            assertThat(out.toString()).matches("(?s)upbeat \\d+\\.\\d+\\.\\d+\\S*( \\(commit .*\\))?\\R");
            assertThat(err.toString()).isEmpty();
        }
    }

    @Test
    void aMessageWithAValueOfMegabytesIsCut() {
        PrintWriter writer = new PrintWriter(err);
        String message = "config.json has " + "x".repeat(5_000_000) + ", expected silu";
        assertThat(Failures.report(new BadInputException(message), writer, false))
                .isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString())
                .hasSizeLessThan(5_000)
                .contains("config.json has xxx", "characters are not shown", "expected silu");
    }

    @Test
    void anUnknownCommandIsRefusedWithTheNearestOne() {
        assertThat(Main.execute(upbeat, "docter")).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString()).contains("there is no command 'docter'").contains("Did you mean doctor?");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void anUnknownOptionIsRefusedWithTheNearestOne() {
        assertThat(Main.execute(upbeat, "doctor", "--tread", "2")).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString())
                .contains("Unknown option")
                .contains("'--tread'")
                .contains("Did you mean --threads?")
                .contains("upbeat doctor --help");
    }

    @Test
    void withoutACommandAllAreListedALineEach() {
        assertThat(Main.execute(upbeat)).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString()).contains("no command given").contains("upbeat --help");
        assertThat(err.toString().lines()).hasSize(2 + upbeat.getSubcommands().size());
        assertThat(err.toString()).contains(upbeat.getSubcommands().keySet());
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void lessThanOneThreadIsRefused() {
        assertThat(Main.execute(upbeat, "doctor", "--threads", "0")).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString()).contains("--threads 0").contains("expected 1 to");
    }

    @Test
    void badInputGivesItsMessageAloneAndStatusTwo() {
        assertThat(failing(new BadInputException("prompts.jsonl:3: no id"))).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString()).isEqualToIgnoringNewLines("upbeat: prompts.jsonl:3: no id");
    }

    @Test
    void aPathThatTheSystemCannotHaveIsBadInput() {
        assertThat(failing(new InvalidPathException("runs/a\0b", "Nul character not allowed")))
                .isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString())
                .isEqualToIgnoringNewLines("upbeat: 'runs/a\\u0000b' cannot be a path here: Nul character not allowed;"
                        + " give another name");
    }

    @Test
    void aListWithoutItemsIsRefused() {
        assertThat(Main.execute(upbeat, "study", "grid", "grid.yaml", "--seeds", ","))
                .isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString()).contains("--seeds has no items; expected N");
        assertThat(Main.execute(upbeat, "analyze", "model", "--text", "x", "--columns", ","))
                .isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString()).contains("--columns has no items; expected NAME[,NAME]");
    }

    @Test
    void anOptionAfterTheEndOfOptionsIsNamed() {
        assertThat(Main.execute(upbeat, "analyze", "model", "--", "--prompts", "file"))
                .isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString())
                .contains("--prompts stands after --, which ends the options: leave the -- out")
                .doesNotContain("Did you mean");
    }

    @Test
    void aFailureIsOneLineThatNamesVerbose() {
        assertThat(failing(new IOException("No space left on device"))).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString().lines())
                .containsExactly(
                        "upbeat: IOException: No space left on device",
                        "Run again with --verbose for the stack trace.");
    }

    @Test
    void onlyTheFirstLineOfAMessageIsShown() {
        assertThat(failing(new RuntimeException("sizes differ\nframe #0: c10::Error\nframe #1")))
                .isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("sizes differ").doesNotContain("frame");
    }

    @Test
    void anErrorOfTheVirtualMachineIsAFailureToo() {
        assertThat(failing(new OutOfMemoryError("Physical memory usage is too high")))
                .isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).startsWith("upbeat: OutOfMemoryError: Physical memory usage is too high");
    }

    @Test
    void verboseAddsTheStackTrace() {
        assertThat(failing(new BadInputException("no id"), "--verbose")).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString()).startsWith("upbeat: no id").contains("\tat ");
    }

    @Test
    void aClosedPipeIsNotAFailure() {
        assertThat(failing(new StandardOutput.ReaderGone(new IOException("Broken pipe"))))
                .isEqualTo(ExitCode.DONE);
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void quietSilencesRemarksButNotWarnings() {
        CommandLine upbeat = configured(new CommandLine(new Main()).addSubcommand(new Talking()));
        assertThat(Main.execute(upbeat, "talk", "--quiet")).isZero();
        assertThat(err.toString()).isEqualToIgnoringNewLines("upbeat: warning: no receiver heads");
        assertThat(Main.execute(upbeat, "talk")).isZero();
        assertThat(err.toString()).contains("one remark");
        assertThat(out.toString()).isEqualToIgnoringNewLines("result\nresult\n");
    }

    @Test
    void optionsBeforeTheCommandApplyToIt() {
        assertThat(Main.execute(upbeat, "--threads", "0", "doctor")).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString()).contains("--threads 0");
        err.getBuffer().setLength(0);
        CommandLine talking = configured(new CommandLine(new Main()).addSubcommand(new Talking()));
        assertThat(Main.execute(talking, "--quiet", "talk")).isZero();
        assertThat(err.toString()).doesNotContain("remark");
    }

    @Test
    void helpIntoAClosedPipeEndsQuietly() {
        assertThat(helpInto("Broken pipe")).isEqualTo(ExitCode.DONE);
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void helpOntoAFullDiskFailsWithOneMessage() {
        assertThat(helpInto("No space left on device")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString().lines())
                .containsExactly(
                        "upbeat: cannot write to standard output: No space left on device",
                        "Run again with --verbose for the stack trace.");
    }

    private int helpInto(String failure) {
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException(failure);
            }
        };
        PrintWriter writer = new PrintWriter(new StandardOutput(broken), false, StandardCharsets.UTF_8);
        return Main.execute(Main.configured(new CommandLine(new Main()), writer, new PrintWriter(err)), "--help");
    }

    private int failing(Throwable failure, String... options) {
        CommandLine upbeat = configured(new CommandLine(new Main()).addSubcommand(new Failing(failure)));
        List<String> args = new ArrayList<>(List.of("fail"));
        args.addAll(List.of(options));
        return Main.execute(upbeat, args.toArray(String[]::new));
    }

    private CommandLine configured(CommandLine line) {
        return Main.configured(line, new PrintWriter(out), new PrintWriter(err));
    }

    private static List<CommandLine> all(CommandLine root) {
        List<CommandLine> commands = new ArrayList<>(List.of(root));
        root.getSubcommands().values().forEach(sub -> commands.addAll(all(sub)));
        return commands;
    }

    @Command(name = "fail")
    private static final class Failing implements Callable<Integer> {
        private final Throwable failure;

        @Mixin
        @SuppressWarnings("UnusedVariable") // picocli reads it: the command has the common options
        private CommonOptions common = new CommonOptions();

        Failing(Throwable failure) {
            this.failure = failure;
        }

        @Override
        public Integer call() throws Exception {
            if (failure instanceof Error error) {
                throw error;
            }
            throw (Exception) failure;
        }
    }

    @Command(name = "talk")
    private static final class Talking implements Runnable {
        @Mixin
        private CommonOptions common = new CommonOptions();

        @Override
        public void run() {
            common.out().println("result");
            common.remark("one remark");
            common.warn("no receiver heads");
        }
    }
}
