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
    private static final Pattern POSIX = Pattern.compile(":\\^?[a-z]{1,12}:\\]"); // after its [
    private static final Pattern COUNTS = Pattern.compile("\\{(?:\\d+(?:,\\d*)?|,\\d+)\\}");

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
            RegexPart whole = cost.alternatives(true);
            if (cost.at < pattern.length()) {
                throw new RegexPart.Refusal("an unmatched )");
            }
            return new Bound(whole.min(), cost.waysBack);
        } catch (RegexPart.Refusal e) {
            String shown = pattern.length() > 200 ? pattern.substring(0, 200) + " .." : pattern;
            throw new BadInputException(source + " has the pattern " + shown + " with " + e.getMessage()
                    + ", which could take forever or end the process; expected a pattern whose time is linear in the"
                    + " text. Take a tokenizer with another pattern, or give prompts as token ids.");
        }
    }

    private RegexPart alternatives(boolean outermost) {
        RegexPart all = null;
        do {
            RegexPart branch = sequence(outermost);
            all = all == null ? branch : all.or(branch);
        } while (take("|"));
        return all;
    }

    private RegexPart sequence(boolean outermost) {
        RegexPart whole = RegexPart.NOTHING;
        long ways = 1; // up to the last repetition, if nothing after it can fail
        while (at < pattern.length() && peek() != '|' && peek() != ')') {
            RegexPart next = quantified(item());
            whole = whole.then(next);
            if (next.unbounded() > 0 || !whole.repetition()) {
                ways = whole.ways();
            }
        }
        if (outermost) {
            int givenBack = whole.unbounded() - (whole.repetition() ? 1 : 0);
            if (givenBack > 1) {
                throw new RegexPart.Refusal("two repetitions that can backtrack into each other");
            }
            waysBack += givenBack == 1 ? ways : 0;
        }
        return whole;
    }

    private RegexPart item() {
        char c = pattern.charAt(at++);
        return switch (c) {
            case '(' -> group();
            case '[' -> characterClass();
            case '\\' -> escape();
            case '^', '$' -> RegexPart.POSITION;
            case '*', '+', '?' -> throw new RegexPart.Refusal("nothing before " + c);
            default -> {
                if (Character.isHighSurrogate(c) && at < pattern.length()) {
                    at++;
                }
                yield RegexPart.CHARACTER;
            }
        };
    }

    private RegexPart group() {
        if (++depth > DEEPEST) {
            throw new RegexPart.Refusal("more than " + DEEPEST + " nested groups");
        }
        boolean first = at == 1;
        boolean looks = take("?=") || take("?!") || take("?<=") || take("?<!");
        if (!looks && take("?") && flags()) {
            if (!first) { // elsewhere they would group the alternatives after them
                throw new RegexPart.Refusal("flags that are not at its beginning");
            }
            depth--;
            return RegexPart.NOTHING;
        }
        RegexPart body = alternatives(false);
        if (!take(")")) {
            throw new RegexPart.Refusal("an unclosed (");
        }
        depth--;
        return looks ? new RegexPart(0, false, body.ways(), body.unbounded(), false, false) : body;
    }

    /** Reads a group's beginning after {@code (?}; true for flags without a body, {@code (?i)}. */
    private boolean flags() {
        if (take(":") || take(">")) {
            return false;
        }
        if (take("<")) {
            int end = pattern.indexOf('>', at);
            if (end < 0 || !pattern.substring(at, end).matches("\\w+")) {
                throw new RegexPart.Refusal("an unsupported group name");
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
            throw new RegexPart.Refusal("an unsupported group (?");
        }
        return false;
    }

    /** Reads a class after its {@code [}. */
    private RegexPart characterClass() {
        if (++depth > DEEPEST) {
            throw new RegexPart.Refusal("more than " + DEEPEST + " nested classes");
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
            throw new RegexPart.Refusal("an unclosed [");
        }
        depth--;
        return RegexPart.CHARACTER;
    }

    /** Reads an escape after its backslash. */
    private RegexPart escape() {
        if (at == pattern.length()) {
            throw new RegexPart.Refusal("a backslash at its end");
        }
        char c = pattern.charAt(at++);
        if ("pPx".indexOf(c) >= 0 && take("{")) {
            int end = pattern.indexOf('}', at);
            if (end < 0) {
                throw new RegexPart.Refusal("an unclosed {");
            }
            at = end + 1;
            return RegexPart.CHARACTER;
        }
        if (c == 'x' || c == 'u') {
            int digits = c == 'x' ? 2 : 4;
            if (at + digits > pattern.length()
                    || !pattern.substring(at, at + digits).matches("[0-9a-fA-F]+")) {
                throw new RegexPart.Refusal("\\" + c + " without its " + digits + " digits");
            }
            at += digits;
            return RegexPart.CHARACTER;
        }
        if ("bBAzZG".indexOf(c) >= 0) {
            return RegexPart.POSITION;
        }
        if ("nrtfvaedDsSwWhH".indexOf(c) >= 0 || !Character.isLetterOrDigit(c)) {
            return RegexPart.CHARACTER;
        }
        throw new RegexPart.Refusal("the unsupported escape \\" + c);
    }

    private RegexPart quantified(RegexPart part) {
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
        boolean option = take("?"); // lazy; after {n} it makes the repetition optional
        if (!option && !counted) {
            take("+"); // possessive
        }
        if (at < pattern.length() && "*+?".indexOf(peek()) >= 0 || !counts().isEmpty()) {
            throw new RegexPart.Refusal("a repetition of a repetition");
        }
        return part.repeated(option && counted ? 0 : least, most);
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
            throw new RegexPart.Refusal(
                    String.format(Locale.ROOT, "a count of %s, more than %d", digits, MOST_REPEATS));
        }
        return Integer.parseInt(digits);
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
