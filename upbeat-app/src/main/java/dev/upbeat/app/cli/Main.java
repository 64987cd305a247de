package dev.upbeat.app.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;

/** The program: {@code upbeat COMMAND ...}. Results go to standard output, everything else to standard error. */
@Command(
        name = "upbeat",
        description = "Measures the attention rhythm of an LLM's reasoning, exactly and in O(N) memory.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            AnalyzeCommand.class,
            DemoCommand.class,
            TrainCommand.class,
            CreditCommand.class,
            EvalCommand.class,
            StudyCommand.class,
            QueryCommand.class,
            ScoreCommand.class,
            ExportCommand.class,
            ReportCommand.class,
            FigureCommand.class,
            BenchCommand.class,
            ServeCommand.class,
            DoctorCommand.class
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  upbeat doctor",
            "  ./upbeat --classpath     (the script only) prints the class path of the Java library"
        })
public final class Main implements Runnable {
    @Mixin
    private CommonOptions common = new CommonOptions();

    public static void main(String[] args) {
        // Both streams are UTF-8 in every locale.
        PrintWriter out = new PrintWriter(new StandardOutput(), false, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        System.exit(execute(configured(new CommandLine(new Main()), out, err), args));
    }

    /** Sets up the command and all its subcommands: output, options, and failures as messages and exit codes. */
    static CommandLine configured(CommandLine line, PrintWriter out, PrintWriter err) {
        StudyCommand.addPresets(Objects.requireNonNull(line.getSubcommands().get("study")));
        Failures failures = new Failures();
        return Spelling.register(line)
                .setOut(out)
                .setErr(err)
                .setUsageHelpWidth(100)
                .setExecutionStrategy(Main::runLast)
                .setParameterExceptionHandler(failures)
                .setExecutionExceptionHandler(failures);
    }

    /** Runs one command, flushes its output and returns its exit status. */
    static int execute(CommandLine line, String... args) {
        try {
            int status = line.execute(args);
            line.getOut().flush();
            return status;
        } catch (RuntimeException | Error e) { // an error, or an exception of the last flush
            return Failures.report(e, line.getErr(), CommonOptions.verbose(args));
        }
    }

    /** Passes failures of printing help to the handlers; picocli would print a stack trace. */
    private static int runLast(ParseResult result) {
        List<CommandLine> lines = result.asCommandLineList();
        CommonOptions.check(lines.get(lines.size() - 1));
        try {
            return new RunLast().execute(result);
        } catch (StandardOutput.ReaderGone | UncheckedIOException e) {
            throw new ExecutionException(result.commandSpec().commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    /** Without a command there is nothing to do. */
    @Override
    public void run() {
        throw common.noCommand("command");
    }
}
