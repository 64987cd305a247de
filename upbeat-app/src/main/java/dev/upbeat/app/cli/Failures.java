package dev.upbeat.app.cli;

import dev.upbeat.io.BadInputException;
import dev.upbeat.io.Nearest;
import dev.upbeat.io.VisibleText;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns an exception into one message and an exit status. */
final class Failures implements IParameterExceptionHandler, IExecutionExceptionHandler {
    /** Longest message in characters: a value in it may be as long as a file. */
    private static final int LONGEST = 4000;

    private static final int LONGEST_END = 500; // the end of a message says what is expected

    /** The end of picocli's message about a value that is not a number; it names a type of Java. */
    private static final Pattern NO_NUMBER = Pattern.compile("(?<given>'[^']*') is not an? (?<type>int|long|double)$");

    @Override
    public int handleParseException(ParameterException e, String[] args) {
        CommandLine line = e.getCommandLine();
        PrintWriter err = line.getErr();
        err.println("upbeat: " + cut(usageMessage(e)));
        hint(e).ifPresent(err::println);
        err.println("Try '" + line.getCommandSpec().qualifiedName() + " --help'.");
        return ExitCode.BAD_INPUT;
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine line, ParseResult result) {
        if (e instanceof ParameterException usage) {
            return handleParseException(usage, new String[0]);
        }
        return report(
                e, line.getErr(), CommonOptions.verbose(result.originalArgs().toArray(String[]::new)));
    }

    private static String usageMessage(ParameterException e) {
        if (e instanceof UnmatchedArgumentException unmatched && isCommandName(unmatched)) {
            return "there is no command '" + unmatched.getUnmatched().get(0) + "'";
        }
        String message = String.valueOf(e.getMessage()).replaceFirst("^Error: ", ""); // picocli puts it before some
        Matcher number = NO_NUMBER.matcher(message);
        return number.find()
                ? message.substring(0, number.start())
                        + Map.of("int", "expected a whole number below 2147483648", "long", "expected a whole number")
                                .getOrDefault(number.group("type"), "expected a number")
                        + ", given " + number.group("given")
                : message;
    }

    private static Optional<String> hint(ParameterException e) {
        if (!(e instanceof UnmatchedArgumentException unmatched)) {
            return Optional.empty();
        }
        CommandLine line = e.getCommandLine();
        String given = unmatched.getUnmatched().get(0);
        if (isCommandName(unmatched)) {
            return Nearest.to(given, line.getSubcommands().keySet()).map(Failures::question);
        }
        String option = given.replaceFirst("=.*", "");
        Set<String> options = line.getCommandSpec().optionsMap().keySet();
        return options.contains(option)
                ? Optional.of(option + " stands after --, which ends the options: leave the -- out")
                : Nearest.to(option, options).map(Failures::question);
    }

    private static String question(String known) {
        return "Did you mean " + known + "?";
    }

    private static boolean isCommandName(UnmatchedArgumentException e) {
        return !e.isUnknownOption() && !e.getCommandLine().getSubcommands().isEmpty();
    }

    /** Prints the message, unless the reader of the output is gone, and returns the exit status. */
    static int report(Throwable thrown, PrintWriter err, boolean verbose) {
        Throwable e = thrown instanceof InvalidPathException path ? badPath(path) : thrown;
        if (e instanceof StandardOutput.ReaderGone) {
            return ExitCode.DONE; // as in `upbeat query ... | head`: the reader has read enough
        }
        err.println("upbeat: " + cut(message(e)));
        if (verbose) {
            e.printStackTrace(err);
        }
        if (e instanceof BadInputException) {
            return ExitCode.BAD_INPUT;
        }
        if (!verbose) {
            err.println("Run again with --verbose for the stack trace.");
        }
        return ExitCode.FAILED;
    }

    /** A path of a configuration or an option that this system cannot have, such as one with a NUL character. */
    private static BadInputException badPath(InvalidPathException e) {
        return new BadInputException(
                "'" + VisibleText.of(e.getInput()) + "' cannot be a path here: " + e.getReason()
                        + "; give another name",
                e);
    }

    private static String cut(String message) {
        int left = message.length() - LONGEST;
        return left <= 0
                ? message
                : message.substring(0, LONGEST - LONGEST_END) + " [" + left + " characters are not shown] "
                        + message.substring(message.length() - LONGEST_END);
    }

    /** Returns the first line: libtorch appends a C++ trace. */
    private static String message(Throwable e) {
        if (e instanceof BadInputException) {
            return String.valueOf(e.getMessage());
        }
        String text = e.getMessage();
        if (text == null || text.isBlank()) {
            return e.getClass().getName();
        }
        String firstLine = text.strip().lines().findFirst().orElseThrow();
        boolean tellsWhatFailed = e instanceof IllegalStateException
                || e instanceof UncheckedIOException
                || e.getClass().getPackageName().startsWith("dev.upbeat.");
        return tellsWhatFailed ? firstLine : e.getClass().getSimpleName() + ": " + firstLine;
    }
}
