package dev.upbeat.app.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

/** The program: {@code upbeat COMMAND ...}. Results go to standard output, everything else to standard error. */
@Command(
        name = "upbeat",
        description = "Measures the attention rhythm of an LLM's reasoning, exactly and in O(N) memory.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {DoctorCommand.class},
        footerHeading = "%nExample:%n",
        footer = "  upbeat doctor")
public final class Main implements Runnable {
    @Mixin
    private CommonOptions common = new CommonOptions();

    public static void main(String[] args) {
        // Whatever the locale, text is UTF-8 on both streams.
        PrintWriter out = new PrintWriter(new StandardOutput(), false, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        System.exit(run(args, out, err));
    }

    /** Runs one command to its end and returns its exit status. */
    static int run(String[] args, PrintWriter out, PrintWriter err) {
        CommandLine line = new CommandLine(new Main());
        Failures failures = new Failures();
        line.setOut(out);
        line.setErr(err);
        line.setUsageHelpWidth(100);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler(failures);
        line.setExecutionExceptionHandler(failures);
        try {
            int status = line.execute(args);
            out.flush();
            return status;
        } catch (RuntimeException | Error e) { // picocli hands over neither errors nor what printing throws
            return failures.report(e, err, CommonOptions.verbose(args));
        }
    }

    /** Without a command there is nothing to do. */
    @Override
    public void run() {
        throw new ParameterException(common.commandLine(), "no command given");
    }
}
