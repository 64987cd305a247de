package dev.upbeat.tokenizer;

import dev.upbeat.io.BadInputException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Upper bound of the time that a regular expression of a tokenizer.json can take. The expressions run in a backtracking library
 * (Oniguruma), which has no time limit and ends the process after 10 million backtracking steps in one match. This class
 * accepts expressions whose backtracking is linear in the text: each alternative backtracks into at most one unbounded
 * repetition, and no unbounded repetition contains alternatives, options or another repetition. It rejects all others and
 * unknown syntax.
 */
final class RegexCost {
    private static final int LONGEST = 20_000;
    private static final int DEEPEST = 20;
    private static final int MOST_REPEATS = 1000;
    private static final long MOST_WAYS = 10_000;
    private static final long MOST_CHARACTERS = 10_000;
    private static final Pattern POSIX = Pattern.compile(":\\^?[a-z]{1,12}:\\]"); // behind its [
    private static final Pattern COUNTS = Pattern.compile("\\{(?:\\d+(?:,\\d*)?|,\\d+)\\}");

    /**
     * What a part of the expression can match.
     *
     * @param min fewest characters
     * @param fixed matches one length in one way, so it may be repeated without limit
     * @param ways number of ways to match, by bounded choices
     * @param unbounded number of unbounded repetitions in a match
     * @param repetition ends with an unbounded repetition
     * @param certain matches at every position
     */
    private record Part(long min, boolean fixed, long ways, int unbounded, boolean repetition, boolean certain) {
        static final Part CHARACTER = new Part(1, true, 1, 0, false, false);
        static final Part POSITION = new Part(0, false, 1, 0, false, false);
        static final Part NOTHING = new Part(0, true, 1, 0, false, true);

        Part then(Part next) {
            return new Part(
                    min + next.min,
                    fixed && next.fixed,
                    capped(ways * next.ways),
                    unbounded + next.unbounded,
                    next.repetition || repetition && next.certain && next.unbounded == 0,
                    certain && next.certain);
        }

        Part or(Part other) {
            return new Part(
                    Math.min(min, other.min),
                    false,
                    capped(ways + other.ways),
                    Math.max(unbounded, other.unbounded),
                    false,
                    certain || other.certain);
        }
    }

    private final String pattern;
    private int at;
    private int depth;
    private long waysBack; // ways of the alternatives that backtrack into a repetition

    private RegexCost(String pattern) {
        this.pattern = pattern;
    }

    /**
     * @param minCharacters fewest characters of a match
     * @param stepsBack most backtracking steps in one match, per character of the text
     */
    record Bound(long minCharacters, long stepsBack) {}

    /**
     * @param source name of the file in messages
     * @throws BadInputException if its time has no bound that is linear in the text
     */
    static Bound of(String pattern, String source) {
        if (pattern.length() > LONGEST) {
            throw new BadInputException(source + " has a pattern of " + pattern.length()
                    + " characters, expected at most " + LONGEST + ". Fetch the tokenizer again.");
        }
        RegexCost cost = new RegexCost(pattern);
        try {
            Part whole = cost.alternatives(true);
            if (cost.at < pattern.length()) {
                throw new Refusal("an unmatched )");
            }
            return new Bound(whole.min(), cost.waysBack);
        } catch (Refusal e) {
            String shown = pattern.length() > 200 ? pattern.substring(0, 200) + " .." : pattern;
            throw new BadInputException(source + " has the pattern " + shown + " with " + e.getMessage()
                    + ", which could take forever or end the process; expected a pattern whose time is linear in the"
                    + " text. Take a tokenizer with another pattern, or give prompts as token ids.");
        }
    }

    /** Reason of a rejection, within this class. */
    private static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refusal(String what) {
            super(what, null, false, false);
        }
    }

    private static long capped(long ways) {
        if (ways > MOST_WAYS) {
            throw new Refusal("more than " + MOST_WAYS + " ways to match the same text");
        }
        return ways;
    }

    private Part alternatives(boolean outermost) {
        Part all = null;
        do {
            Part branch = sequence(outermost);
            all = all == null ? branch : all.or(branch);
        } while (take("|"));
        return all;
    }

    private Part sequence(boolean outermost) {
        Part whole = Part.NOTHING;
        long ways = 1; // up to the last repetition, if nothing after it can fail
        while (at < pattern.length() && peek() != '|' && peek() != ')') {
            Part next = quantified(item());
            whole = whole.then(next);
            if (next.unbounded() > 0 || !whole.repetition()) {
                ways = whole.ways();
            }
        }
        if (outermost) {
            int givenBack = whole.unbounded() - (whole.repetition() ? 1 : 0);
            if (givenBack > 1) {
                throw new Refusal("two repetitions that can backtrack into each other");
            }
            waysBack += givenBack == 1 ? ways : 0;
        }
        return whole;
    }

    private Part item() {
        char c = pattern.charAt(at++);
        return switch (c) {
            case '(' -> group();
            case '[' -> characterClass();
            case '\\' -> escape();
            case '^', '$' -> Part.POSITION;
            case '*', '+', '?' -> throw new Refusal("nothing before " + c);
            default -> {
                if (Character.isHighSurrogate(c) && at < pattern.length()) {
                    at++;
                }
                yield Part.CHARACTER;
            }
        };
    }

    private Part group() {
        if (++depth > DEEPEST) {
            throw new Refusal("more than " + DEEPEST + " nested groups");
        }
        boolean first = at == 1;
        boolean looks = take("?=") || take("?!") || take("?<=") || take("?<!");
        if (!looks && take("?") && flags()) {
            if (!first) { // elsewhere they would group the alternatives after them
                throw new Refusal("flags that are not at its beginning");
            }
            depth--;
            return Part.NOTHING;
        }
        Part body = alternatives(false);
        if (!take(")")) {
            throw new Refusal("an unclosed (");
        }
        depth--;
        return looks ? new Part(0, false, body.ways(), body.unbounded(), false, false) : body;
    }

    /** Reads a group's beginning after {@code (?}; true for flags without a body, {@code (?i)}. */
    private boolean flags() {
        if (take(":") || take(">")) {
            return false;
        }
        if (take("<")) {
            int end = pattern.indexOf('>', at);
            if (end < 0 || !pattern.substring(at, end).matches("\\w+")) {
                throw new Refusal("an unsupported group name");
            }
            at = end + 1;
            return false;
        }
        while (at < pattern.length() && "im-s".indexOf(peek()) >= 0) {
            at++;
        }
        if (take(")")) {
            return true;
        }
        if (!take(":")) {
            throw new Refusal("an unsupported group (?");
        }
        return false;
    }

    /** Reads a class after its {@code [}. */
    private Part characterClass() {
        if (++depth > DEEPEST) {
            throw new Refusal("more than " + DEEPEST + " nested classes");
        }
        take("^");
        boolean first = true;
        while (at < pattern.length() && (first || peek() != ']')) {
            char c = pattern.charAt(at++);
            if (c == '\\') {
                escape();
            } else if (c == '[' && !next(POSIX).isEmpty()) {
                at += next(POSIX).length();
            } else if (c == '[') {
                characterClass();
            }
            first = false;
        }
        if (!take("]")) {
            throw new Refusal("an unclosed [");
        }
        depth--;
        return Part.CHARACTER;
    }

    /** Reads an escape after its backslash. */
    private Part escape() {
        if (at == pattern.length()) {
            throw new Refusal("a backslash at its end");
        }
        char c = pattern.charAt(at++);
        if ("pPx".indexOf(c) >= 0 && take("{")) {
            int end = pattern.indexOf('}', at);
            if (end < 0) {
                throw new Refusal("an unclosed {");
            }
            at = end + 1;
            return Part.CHARACTER;
        }
        if (c == 'x' || c == 'u') {
            int digits = c == 'x' ? 2 : 4;
            if (at + digits > pattern.length()
                    || !pattern.substring(at, at + digits).matches("[0-9a-fA-F]+")) {
                throw new Refusal("\\" + c + " without its " + digits + " digits");
            }
            at += digits;
            return Part.CHARACTER;
        }
        if ("bBAzZG".indexOf(c) >= 0) {
            return Part.POSITION;
        }
        if ("nrtfvaedDsSwWhH".indexOf(c) >= 0 || !Character.isLetterOrDigit(c)) {
            return Part.CHARACTER;
        }
        throw new Refusal("the unsupported escape \\" + c);
    }

    private Part quantified(Part part) {
        int begin = at;
        int least;
        int most;
        if (take("*")) {
            least = 0;
            most = Integer.MAX_VALUE;
        } else if (take("+")) {
            least = 1;
            most = Integer.MAX_VALUE;
        } else if (take("?")) {
            least = 0;
            most = 1;
        } else {
            String counts = counts();
            if (counts.isEmpty()) {
                return part;
            }
            at += counts.length();
            String[] ends = counts.substring(1, counts.length() - 1).split(",", -1);
            least = count(ends[0], 0);
            most = ends.length == 1 ? least : count(ends[1], Integer.MAX_VALUE);
        }
        boolean counted = pattern.charAt(begin) == '{';
        boolean option = take("?"); // lazy; after {n} an option
        if (!option && !counted) {
            take("+"); // possessive
        }
        if (at < pattern.length() && "*+?".indexOf(peek()) >= 0 || !counts().isEmpty()) {
            throw new Refusal("a repetition of a repetition");
        }
        return repeated(part, option && counted ? 0 : least, most);
    }

    /** The next {@code {n}}, {@code {n,}}, {@code {n,m}} or {@code {,m}}, else empty; other braces are plain characters. */
    private String counts() {
        return next(COUNTS);
    }

    private String next(Pattern text) {
        Matcher matcher = text.matcher(pattern).region(at, pattern.length());
        return matcher.lookingAt() ? matcher.group() : "";
    }

    private static int count(String digits, int absent) {
        if (digits.isEmpty()) {
            return absent;
        }
        if (digits.length() > 4 || Integer.parseInt(digits) > MOST_REPEATS) {
            throw new Refusal(String.format(Locale.ROOT, "a count of %s, more than %d", digits, MOST_REPEATS));
        }
        return Integer.parseInt(digits);
    }

    private static Part repeated(Part part, int least, int most) {
        if (most < Integer.MAX_VALUE && most * part.min() > MOST_CHARACTERS) {
            throw new Refusal("counts of more than " + MOST_CHARACTERS + " characters");
        }
        boolean certain = least == 0 || part.certain();
        if (most == Integer.MAX_VALUE) {
            if (!part.fixed() || part.min() == 0) {
                throw new Refusal("an unbounded repetition of a part that matches in several ways");
            }
            return new Part(least * part.min(), false, 1, 1, true, certain);
        }
        if (part.fixed()) {
            return new Part(
                    least * part.min(), least == most, capped(Math.max(1, most - least + 1L)), 0, false, certain);
        }
        long ways = 1;
        for (int i = 0; i < most; i++) {
            ways = capped(ways * part.ways() + 1);
        }
        return new Part(least * part.min(), false, ways, most * part.unbounded(), false, certain);
    }

    private char peek() {
        return pattern.charAt(at);
    }

    private boolean take(String text) {
        if (pattern.startsWith(text, at)) {
            at += text.length();
            return true;
        }
        return false;
    }
}
