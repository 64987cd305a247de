package dev.upbeat.jinja;

import dev.upbeat.jinja.Values.Undefined;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Python's conversions to numbers, and rounding. */
final class Numbers {
    private static final Pattern FLOAT =
            Pattern.compile("[-+]?(\\d+(_\\d+)*\\.?(\\d+(_\\d+)*)?|\\.\\d+(_\\d+)*)([eE][-+]?\\d+)?");

    /** Longest number as text; regular expressions recurse on longer ones. */
    private static final int MOST_CHARACTERS = 400;

    private Numbers() {}

    /** The filter {@code int}. */
    static Object toInt(Object value, Object otherwise, long base) {
        if (value instanceof String text) {
            Long whole = wholeOrNull(Strings.strip(text), base);
            if (whole != null) {
                return whole;
            }
        }
        Object number = toFloat(value, null);
        return number == null ? otherwise : value instanceof Long ? value : truncated((Number) number);
    }

    /** The filter {@code float}; returns {@code otherwise}, which may be null, for a text that is not a number. */
    static @Nullable Object toFloat(Object value, @Nullable Object otherwise) {
        if (value instanceof Undefined undefined) {
            throw new TemplateError(undefined.why());
        }
        Number number = Values.numberOrNull(value);
        if (number != null) {
            return number.doubleValue();
        }
        if (value instanceof String text && isTooLong(Strings.strip(text), 10, "_+-.eE")) {
            throw new TemplateError("the number " + preview(text) + " is too large");
        }
        if (value instanceof String text
                && Strings.strip(text).length() <= MOST_CHARACTERS
                && FLOAT.matcher(Strings.strip(text)).matches()) {
            double parsed = Double.parseDouble(Strings.strip(text).replace("_", ""));
            if (!Double.isFinite(parsed)) {
                throw new TemplateError("the number " + preview(text) + " is too large");
            }
            return parsed;
        }
        return otherwise;
    }

    private static @Nullable Long wholeOrNull(String text, long base) {
        if (base < 2 || base > 36) {
            throw new TemplateError("the base of int is " + base + ": expected 2 to 36");
        }
        if (isTooLong(text, base, "_+-")) {
            throw new TemplateError("the number " + preview(text) + " is beyond 64 bits");
        }
        if (text.length() > MOST_CHARACTERS) {
            return null;
        }
        String digits = text.replaceFirst("^\\+", "");
        if (base == 16 || base == 8 || base == 2) {
            digits = digits.replaceFirst(base == 16 ? "(?i)^(-?)0x" : base == 8 ? "(?i)^(-?)0o" : "(?i)^(-?)0b", "$1");
        }
        if (!digits.matches("-?[0-9A-Za-z]+(_[0-9A-Za-z]+)*")) {
            return null;
        }
        String plain = digits.replace("_", "");
        if (!plain.chars().skip(plain.startsWith("-") ? 1 : 0).allMatch(c -> Character.digit(c, (int) base) >= 0)) {
            return null;
        }
        try {
            return Long.parseLong(plain, (int) base);
        } catch (NumberFormatException e) {
            throw new TemplateError("the number " + preview(text) + " is beyond 64 bits");
        }
    }

    /** Whether a text looks like a number with too many digits to be of use. */
    private static boolean isTooLong(String text, long base, String signs) {
        return text.length() > MOST_CHARACTERS
                && text.chars().allMatch(c -> Character.digit(c, (int) base) >= 0 || signs.indexOf(c) >= 0);
    }

    private static String preview(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "..";
    }

    /** Rounds towards zero. */
    static Long truncated(Number number) {
        if (number instanceof Long whole) {
            return whole;
        }
        double value = number.doubleValue();
        if (Math.abs(value) >= 0x1p63) {
            throw new TemplateError("the number " + value + " is beyond 64 bits");
        }
        return (long) value;
    }

    /** The filter {@code round}. */
    static Object round(Object value, long precision, String method) {
        Number number = Values.numberOrNull(value);
        if (number == null) {
            throw new TemplateError("the filter round is given " + Values.typeName(value) + ": expected a number");
        }
        if (method.equals("common")) {
            if (number instanceof Long whole) {
                return precision >= 0
                        ? whole
                        : exact(BigDecimal.valueOf(whole), precision).longValueExact();
            }
            return precision > 400
                    ? number
                    : (Object) exact(new BigDecimal(number.doubleValue()), precision)
                            .doubleValue();
        }
        if (!method.equals("ceil") && !method.equals("floor")) {
            throw new TemplateError("the method of round is " + preview(method) + ": expected common, ceil or floor");
        }
        double scale = Math.pow(10, precision);
        if (scale == 0 || !Double.isFinite(scale)) {
            throw new TemplateError("the precision of round is " + precision + ": expected -300 to 300");
        }
        double scaled = number.doubleValue() * scale;
        return (method.equals("ceil") ? Math.ceil(scaled) : Math.floor(scaled)) / scale + 0.0;
    }

    private static BigDecimal exact(BigDecimal value, long precision) {
        int scale = (int) Math.max(-400, Math.min(400, precision));
        return value.setScale(scale, RoundingMode.HALF_EVEN);
    }
}
