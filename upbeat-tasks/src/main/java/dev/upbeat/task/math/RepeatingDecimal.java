package dev.upbeat.task.math;

import dev.upbeat.task.Rational;
import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads repeating decimals, which are exact fractions: {@code 0.\overline{3}}, {@code 0.1\bar6}, {@code 0.\dot14285\dot7},
 * {@code 0.1(6)}. An ellipsis repeats one digit that is written three times ({@code 0.1666...}) or a block of digits that is
 * written twice ({@code 0.7272...}); after other digits it means that the number is cut off.
 */
final class RepeatingDecimal {
    private static final Pattern BAR = Pattern.compile("\\G *\\\\(?:overline|bar) ?(?:\\{ ?(\\d{1,200}) ?\\}|(\\d))");
    private static final Pattern IN_BRACKETS = Pattern.compile("\\G\\((\\d{1,200})\\)(?![\\d^!])");
    private static final Pattern DOTTED = Pattern.compile(
            "\\G *\\\\dot ?(?:\\{ ?(\\d) ?\\}|(\\d))(?:(\\d{0,200}) ?\\\\dot ?(?:\\{ ?(\\d) ?\\}|(\\d)))?");
    private static final Pattern ELLIPSIS = Pattern.compile("\\G ?(?:\\.{2,4}|\\\\[lc]dots)");
    private static final int LONGEST_BLOCK = 100;

    /** The decimals of e begin with 1828 twice, by chance. */
    private static final String EULER = "718281828";

    private RepeatingDecimal() {}

    /** Whether a decimal point here is followed by a repeating block, as in {@code .\overline{3}}. */
    static boolean startsAt(Cursor in) {
        return in.peek() == '.' && in.peek(1) == '\\' && (matches(BAR, in, 1) || matches(DOTTED, in, 1));
    }

    private static boolean matches(Pattern pattern, Cursor in, int ahead) {
        return pattern.matcher(in.text).find(in.at + ahead);
    }

    /**
     * Reads the repeating digits at the cursor, which is after {@code decimals}; null if none repeat.
     *
     * @param decimals digits between the point and the cursor
     */
    static @Nullable String block(Cursor in, String decimals) {
        char c = in.peek();
        if (c != '\\' && c != '(' && c != '.' && c != ' ') {
            return null;
        }
        StringBuilder block = new StringBuilder();
        Matcher bar = BAR.matcher(in.text);
        while (bar.find(in.at)) {
            block.append(bar.group(1) != null ? bar.group(1) : bar.group(2));
            in.at = bar.end();
        }
        if (block.length() > 0) {
            return block.toString();
        }
        Matcher brackets = IN_BRACKETS.matcher(in.text);
        if (brackets.find(in.at)) {
            in.at = brackets.end();
            return brackets.group(1);
        }
        Matcher dots = DOTTED.matcher(in.text);
        if (dots.find(in.at)) {
            in.at = dots.end();
            for (int i = 1; i <= dots.groupCount(); i++) {
                block.append(dots.group(i) == null ? "" : dots.group(i));
            }
            return block.toString();
        }
        return decimals.isEmpty() ? null : writtenOut(in, decimals);
    }

    private static @Nullable String writtenOut(Cursor in, String decimals) {
        Matcher ellipsis = ELLIPSIS.matcher(in.text);
        if (!ellipsis.find(in.at)) {
            return null;
        }
        in.at = ellipsis.end();
        return decimals.equals(EULER) ? null : writtenOut(decimals);
    }

    private static @Nullable String writtenOut(String decimals) {
        for (int length = 1; length <= LONGEST_BLOCK; length++) {
            int times = length > 1 || decimals.length() == 2 ? 2 : 3;
            int start = decimals.length() - length;
            if (start >= 0 && decimals.endsWith(decimals.substring(start).repeat(times))) {
                return decimals.substring(start);
            }
        }
        return null;
    }

    /** The fraction: {@code digits} has {@code places} decimals, and then {@code block} repeats. */
    static Expr value(String digits, int places, String block) {
        BigInteger nines = BigInteger.TEN.pow(block.length()).subtract(BigInteger.ONE);
        BigInteger scale = BigInteger.TEN.pow(places);
        Rational start = new Rational(digits.isEmpty() ? BigInteger.ZERO : new BigInteger(digits), scale);
        return new Expr.Numeral(start.plus(new Rational(new BigInteger(block), nines.multiply(scale))), 0);
    }
}
