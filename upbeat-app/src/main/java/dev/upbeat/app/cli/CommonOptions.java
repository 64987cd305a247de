package dev.upbeat.app.cli;

import dev.upbeat.io.VisibleText;
import dev.upbeat.tensor.Libtorch;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The options that every command has, and where a command prints: its result by {@link #out}, everything else by the other
 * methods.
 */
@SuppressWarnings("UnusedVariable") // picocli sets and reads the flags that only it acts on
@Command(versionProvider = Version.class, sortOptions = false)
final class CommonOptions {
    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    @Option(
            names = {"-q", "--quiet"},
            order = 100,
            description = "No progress and no remarks: only the result, warnings and errors.")
    private boolean quiet;

    @Option(names = "--verbose", order = 101, description = "Stack traces of failures.")
    private boolean verbose;

    /** Many more would only wait for each other; libtorch would start them all the same. */
    private static final int MOST_THREADS_A_PROCESSOR = 4;

    @Option(
            names = "--threads",
            order = 102,
            paramLabel = "N",
            description = "Threads for the model's arithmetic (default: one a physical core).")
    private @Nullable Integer threads;

    @Option(
            names = {"-h", "--help"},
            order = 103,
            usageHelp = true,
            description = "This text.")
    private boolean help;

    @Option(
            names = {"-V", "--version"},
            order = 104,
            versionHelp = true,
            description = "The version, and where it was built from.")
    private boolean version;

    /** Whether the stack traces of a command line that may not even parse are asked for. */
    static boolean verbose(String[] args) {
        return Arrays.asList(args).contains("--verbose");
    }

    /** Whether stack traces of failures are asked for. */
    boolean verbose() {
        return upwards().anyMatch(options -> options.verbose);
    }

    /** Refuses common options that cannot be used, whether the command uses them or not. */
    static void check(CommandLine line) {
        of(line).forEach(CommonOptions::threads);
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

    /** For the command's result, and nothing else. */
    PrintWriter out() {
        return commandLine().getOut();
    }

    /** A remark that a reader can do without. */
    void remark(String text) {
        if (!quiet()) {
            commandLine().getErr().println(VisibleText.harmless(text));
        }
    }

    /** What a reader must know to understand the result: printed even with --quiet. */
    void warn(String text) {
        commandLine().getErr().println("upbeat: warning: " + VisibleText.harmless(text));
    }

    /** 1 prompt, 3 prompts. */
    static String counted(int count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }

    /** What begins, how much of it, and where it will be: for whoever reads a log, for a terminal shows the progress. */
    void announce(String text) {
        if (!isTerminal()) {
            remark(text);
            commandLine().getErr().flush();
        }
    }

    /** Progress through {@code total} units of work: a line that moves on a terminal, else some lines; none with --quiet. */
    Progress progress(String label, long total) {
        PrintWriter err = commandLine().getErr();
        return quiet() || isTerminal()
                ? new Progress(label, total, quiet() ? null : err, System::nanoTime)
                : Progress.logged(label, total, err, System::nanoTime);
    }

    private static boolean isTerminal() {
        return Boolean.getBoolean("upbeat.terminal");
    }

    /** As asked for by --threads, or 0 for libtorch's default. */
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
                            + " for each of the " + processors + " processors to use");
        }
        return given;
    }

    /** What to throw where a command was given without one of its own commands: it lists them. */
    ParameterException noCommand(String kind) {
        String commands =
                new Help(commandLine().getCommandSpec(), Help.defaultColorScheme(Help.Ansi.OFF)).commandList();
        return new ParameterException(
                commandLine(), "no " + kind + " given; expected one of\n" + commands.stripTrailing());
    }

    private boolean quiet() {
        return upwards().anyMatch(options -> options.quiet);
    }

    /** This command's options and those given before its name: {@code upbeat --quiet doctor} is quiet too. */
    private Stream<CommonOptions> upwards() {
        return Stream.iterate(commandLine(), Objects::nonNull, CommandLine::getParent)
                .flatMap(CommonOptions::of);
    }

    /** Loads libtorch with the number of threads asked for. */
    void startLibtorch() {
        Libtorch.start(threads());
    }
}
