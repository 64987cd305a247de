package dev.upbeat.app.study.output;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Formats numbers for tables; a dash stands for a missing one. */
public final class Format {
    public static final String NONE = "\u2013";

    private Format() {}

    /** Formats 0.525 as 52.5%. */
    public static String percent(@Nullable Double share) {
        return number("%.1f%%", 100, share);
    }

    /** Formats 0.425 as +42.5%. */
    public static String signedPercent(@Nullable Double ratio) {
        return number("%+.1f%%", 100, ratio);
    }

    public static String decimal(@Nullable Double value, int decimals) {
        return number("%." + decimals + "f", 1, value);
    }

    public static String signed(@Nullable Double value, int decimals) {
        return number("%+." + decimals + "f", 1, value);
    }

    /** Formats a p-value with two significant digits. */
    public static String pValue(@Nullable Double p) {
        return p == null || Double.isNaN(p)
                ? NONE
                : new BigDecimal(p, new MathContext(2)).stripTrailingZeros().toPlainString();
    }

    public static String count(int value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /**
     * A sentence on multiple tests at a level of 5 %, so that no single result is read as the only one.
     *
     * @param found the clause before: "2 of 40 p-values are at most 0.05"
     */
    public static String several(String found, int looks) {
        return found + "; without any effect, about " + Math.round(0.05 * looks)
                + " would. None is corrected for multiple comparisons.";
    }

    /** The text with a capital first letter. */
    public static String capitalized(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    /** Formats an interval of two formatted numbers. */
    public static String interval(String low, String high) {
        return "[" + low + ", " + high + "]";
    }

    private static String number(String format, double factor, @Nullable Double value) {
        if (value == null || Double.isNaN(value)) {
            return NONE;
        }
        String text = String.format(Locale.ROOT, format, factor * value);
        return text.matches("-0(\\.0+)?%?") ? text.substring(1) : text; // a value rounded to zero has no sign
    }
}
