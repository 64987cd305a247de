package dev.upbeat.checkpoint.peft;

import dev.upbeat.io.BadInputException;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Regular expressions of an adapter's settings, which PEFT matches with Python's {@code re}. All matches of an adapter share
 * a budget of steps, because an expression that backtracks could take hours.
 */
final class PythonPatterns {
    /** Twice what 80 layers need with an expression for each of their modules; a few seconds. */
    private static final long STEPS = 50_000_000;

    private final String source;
    private final Map<String, Pattern> compiled = new HashMap<>();
    private long steps = STEPS;

    /** @param source name of the file in messages */
    PythonPatterns(String source) {
        this.source = source;
    }

    /** As {@code re.fullmatch(regex, text)}. */
    boolean matches(String regex, String text) {
        return guarded(regex, () -> matcher(regex, text).matches());
    }

    /** First group of {@code re.match(regex, text)}, which is a number; -1 if there is no match or it is not one. */
    int number(String regex, String text) {
        int[] found = {-1};
        guarded(regex, () -> {
            Matcher matcher = matcher(regex, text);
            boolean matches = matcher.lookingAt();
            if (matches && matcher.group("index").length() <= 9) {
                found[0] = Integer.parseInt(matcher.group("index"));
            }
            return matches;
        });
        return found[0];
    }

    private interface Match {
        boolean run();
    }

    private boolean guarded(String regex, Match match) {
        try {
            return match.run();
        } catch (PatternSyntaxException e) {
            throw refused(regex, "which cannot be read (" + e.getDescription() + ")", e);
        } catch (StackOverflowError e) {
            throw refused(regex, "which needs too much memory to match", e);
        } catch (TooManyStepsException e) {
            throw refused(regex, "which takes too long to match", e);
        }
    }

    private BadInputException refused(String regex, String what, Throwable cause) {
        return new BadInputException(
                source + " has the regular expression \""
                        + (regex.length() > 200 ? regex.substring(0, 200) + ".." : regex)
                        + "\", " + what
                        + ": expected one that matches names of modules. Replace it by the list of modules,"
                        + " such as [\"q_proj\", \"v_proj\"].",
                cause);
    }

    private Matcher matcher(String regex, String text) {
        return compiled.computeIfAbsent(regex, Pattern::compile).matcher(new Counted(text));
    }

    /** Text that counts how often a character is read. */
    private final class Counted implements CharSequence {
        private final String text;

        Counted(String text) {
            this.text = text;
        }

        @Override
        public char charAt(int index) {
            if (--steps < 0) {
                throw new TooManyStepsException();
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    private static final class TooManyStepsException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
