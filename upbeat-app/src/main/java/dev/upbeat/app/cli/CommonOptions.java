package dev.upbeat.app.cli;

import dev.upbeat.io.VisibleText;
import dev.upbeat.tensor.Libtorch;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Collection;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Options of every command, and its output: results go to {@link #out}, everything else to the other methods.
 */
@SuppressWarnings("UnusedVariable") // picocli sets and reads some of the options
@Command(versionProvider = Version.class, sortOptions = false)
final class CommonOptions {
    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    @Option(
            names = {"-q", "--quiet"},
            order = 100,
            description = "Print only the result, warnings and errors.")
    private boolean quiet;

    @Option(names = "--verbose", order = 101, description = "Print the stack trace of a failure.")
    private boolean verbose;

    /** More threads would only wait for each other, but libtorch would start them. */
    private static final int MOST_THREADS_A_PROCESSOR = 4;

    @Option(
            names = "--threads",
            order = 102,
            paramLabel = "N",
            description = "Threads for the model's computations (default: one per physical core).")
    private @Nullable Integer threads;

    @Option(
            names = {"-h", "--help"},
            order = 103,
            usageHelp = true,
            description = "Print this help and exit.")
    private boolean help;

    @Option(
            names = {"-V", "--version"},
            order = 104,
            versionHelp = true,
            description = "Print the version and the commit it was built from, and exit.")
    private boolean version;

    /** Whether a command line, even one that cannot be parsed, asks for stack traces. */
    static boolean verbose(String[] args) {
        return Arrays.asList(args).contains("--verbose");
    }

    /** Whether failures print stack traces. */
    boolean verbose() {
        return upwards().anyMatch(options -> options.verbose);
    }

    /** Rejects invalid common options, whether the command uses them or not, and lists without an item. */
    static void check(CommandLine line) {
        of(line).forEach(CommonOptions::threads);
        for (OptionSpec option : line.getParseResult().matchedOptions()) {
            if (option.getValue() instanceof Collection<?> items && items.isEmpty()) {
                throw new ParameterException(
                        line, option.longestName() + " has no items; expected " + option.paramLabel());
            }
        }
    }

    private static Stream<CommonOptions> of(CommandLine line) {
        return line.getMixins().values().stream()
                .filter(CommonOptions.class::isInstance)
                .map(CommonOptions.class::cast);
    }

    CommandLine commandLine() {
        return Objects.requireNonNull(command, "picocli has not parsed a command line yet")
                .commandLine();
    }

    /** Output for the command's result alone. */
    PrintWriter out() {
        return commandLine().getOut();
    }

    /** Prints a remark that is not essential. */
    void remark(String text) {
        if (!quiet()) {
            commandLine().getErr().println(VisibleText.harmless(text));
        }
    }

    /** Prints what a reader must know to understand the result, even with --quiet. */
    void warn(String text) {
        commandLine().getErr().println("upbeat: warning: " + VisibleText.harmless(text));
    }

    /** Returns "1 prompt", "3 prompts". */
    static String counted(int count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }

    /** Shows work whose amount is unknown: on a terminal a line that the next output replaces, else a plain line. */
    void status(String text) {
        if (isTerminal() && !quiet()) {
            commandLine().getErr().print(Progress.CLEAR_LINE + VisibleText.harmless(text) + " ..");
        } else {
            remark(text);
        }
        commandLine().getErr().flush();
    }

    /** Clears the line of {@link #status}. */
    void wipeStatus() {
        if (isTerminal() && !quiet()) {
            commandLine().getErr().print(Progress.CLEAR_LINE);
            commandLine().getErr().flush();
        }
    }

    /** Announces the work, its amount and its output in a log; on a terminal the progress line shows them. */
    void announce(String text) {
        if (!isTerminal()) {
            remark(text);
            commandLine().getErr().flush();
        }
    }

    /**
     * Shows progress through {@code total} units of work: a moving line on a terminal, else a few lines; none with --quiet.
     */
    Progress progress(String label, long total) {
        PrintWriter err = commandLine().getErr();
        return quiet() || isTerminal()
                ? new Progress(label, total, quiet() ? null : err, System::nanoTime)
                : Progress.logged(label, total, err, System::nanoTime);
    }

    private static boolean isTerminal() {
        return Boolean.getBoolean("upbeat.terminal");
    }

    /** The value of --threads; 0 for libtorch's default. */
    int threads() {
        Integer given = upwards()
                .map(options -> options.threads)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        if (given == null) {
            return 0;
        }
        int processors = Runtime.getRuntime().availableProcessors();
        int most = MOST_THREADS_A_PROCESSOR * processors;
        if (given < 1 || given > most) {
            throw new ParameterException(
                    commandLine(),
                    "--threads " + given + ": expected 1 to " + most + ", " + MOST_THREADS_A_PROCESSOR
                            + " for each of the available " + processors + " processors");
        }
        return given;
    }

    /** The exception for a command without its subcommand: it lists them. */
    ParameterException noCommand(String kind) {
        String commands =
                new Help(commandLine().getCommandSpec(), Help.defaultColorScheme(Help.Ansi.OFF)).commandList();
        return new ParameterException(
                commandLine(), "no " + kind + " given; expected one of\n" + commands.stripTrailing());
    }

    private boolean quiet() {
        return upwards().anyMatch(options -> options.quiet);
    }

    /** The options of this command and those given before its name: {@code upbeat --quiet doctor} is also quiet. */
    private Stream<CommonOptions> upwards() {
        return Stream.iterate(commandLine(), Objects::nonNull, CommandLine::getParent)
                .flatMap(CommonOptions::of);
    }

    /** Loads libtorch with the requested number of threads. */
    void startLibtorch() {
        Libtorch.start(threads());
    }
}
