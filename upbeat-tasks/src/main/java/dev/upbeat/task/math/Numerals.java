package dev.upbeat.task.math;

import dev.upbeat.task.Rational;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** Reads numbers: {@code 1,234.5}, {@code 1 000}, {@code .5}, {@code 6e-5}, {@code 52_8}. */
final class Numerals {
    /** More digits than any answer has, which bounds the cost of arithmetic. */
    static final int MOST_DIGITS = 1_000;

    private static final int MOST_EXPONENT = 400;

    private Numerals() {}

    static boolean starts(Cursor in) {
        return LatexText.isDigit(in.peek())
                || (in.peek() == '.' && LatexText.isDigit(in.peek(1)))
                || RepeatingDecimal.startsAt(in);
    }

    /** Reads the number here; the cursor is on a digit or on the point before one. */
    static Expr read(Cursor in) throws Undecided {
        StringBuilder digits = new StringBuilder();
        digits(in, digits);
        boolean grouped = groups(in, digits, ',') || groups(in, digits, ' ');
        int places = 0;
        @Nullable String repeated = null;
        if (in.peek() == '.') {
            int start = in.at++; // the point, or the end of a sentence
            int whole = digits.length();
            digits(in, digits);
            places = digits.length() - whole;
            repeated = RepeatingDecimal.block(in, digits.substring(whole));
            if (digits.length() == 0 && repeated == null) {
                in.at = start;
                throw in.fault();
            }
        }
        if (digits.length() > MOST_DIGITS) {
            throw new Undecided("a number of " + digits.length() + " digits");
        }
        if (repeated != null) {
            return RepeatingDecimal.value(digits.toString(), places, repeated);
        }
        Expr based = places == 0 && !grouped ? based(in, digits.toString()) : null;
        if (based != null) {
            return based;
        }
        BigInteger value = new BigInteger(digits.toString());
        int exponent = exponent(in);
        int last = places == 0 ? 0 : Math.max(0, places - exponent); // 1.24e-8 has ten decimals
        return new Expr.Numeral(scaled(value, exponent - places), last);
    }

    private static void digits(Cursor in, StringBuilder out) {
        while (LatexText.isDigit(in.peek())) {
            out.append(in.peek());
            in.at++;
        }
    }

    /** Groups of three after one to three digits: {@code 12,345,678}. In brackets a comma separates items. */
    private static boolean groups(Cursor in, StringBuilder digits, char separator) {
        if (digits.length() == 0
                || digits.length() > 3
                || digits.charAt(0) == '0'
                || (separator == ',' && in.brackets > 0)) {
            return false;
        }
        boolean any = false;
        while (in.peek() == separator && threeDigits(in)) {
            digits.append(in.text, in.at + 1, in.at + 4);
            in.at += 4;
            any = true;
        }
        return any;
    }

    private static boolean threeDigits(Cursor in) {
        return LatexText.isDigit(in.peek(1))
                && LatexText.isDigit(in.peek(2))
                && LatexText.isDigit(in.peek(3))
                && !LatexText.isDigit(in.peek(4))
                && in.peek(4) != '/';
    }

    private static @Nullable Expr based(Cursor in, String digits) throws Undecided {
        if (in.peek() != '_') {
            return null;
        }
        in.at++;
        String base = LatexText.words(in.raw());
        boolean named = base.length() <= 2 && !base.isEmpty() && base.chars().allMatch(c -> '0' <= c && c <= '9');
        int number = named ? Integer.parseInt(base) : 0;
        if (number < 2 || number > 36) {
            throw new Undecided("base " + base);
        }
        return new Expr.Based(digits.replaceFirst("^0+(?=.)", ""), number);
    }

    /** The exponent of {@code 6e-5}; 0 if there is none. */
    private static int exponent(Cursor in) {
        if (in.peek() != 'e' && in.peek() != 'E') {
            return 0;
        }
        int sign = in.peek(1) == '-' || in.peek(1) == '+' ? 1 : 0;
        int end = in.at + 1 + sign;
        int start = end;
        while (end < in.text.length() && LatexText.isDigit(in.text.charAt(end))) {
            end++;
        }
        if (end == start || end - start > 3) {
            return 0;
        }
        int value = Integer.parseInt(in.text, start, end, 10);
        if (value > MOST_EXPONENT) {
            return 0;
        }
        int exponent = in.peek(1) == '-' ? -value : value;
        in.at = end;
        return exponent;
    }

    private static Rational scaled(BigInteger value, int exponent) {
        BigInteger power = BigInteger.TEN.pow(Math.abs(exponent));
        return exponent < 0 ? new Rational(value, power) : new Rational(value.multiply(power), BigInteger.ONE);
    }
}
