package dev.upbeat.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Python's format specification of a value: {@code [[fill]align][sign][#][0][width][grouping][.precision][type]}.
 *
 * @param align one of {@code < > = ^}, null for the type's own
 * @param sign {@code +} or a space before positive numbers; {@code -} for nothing
 * @param grouping between thousands; empty for none
 * @param precision -1 if not given
 * @param type a letter or {@code %}; a space if not given
 */
record FormatSpec(
        String fill,
        @Nullable Character align,
        char sign,
        boolean alternate,
        int width,
        String grouping,
        int precision,
        char type) {
    private static final Pattern SPEC = Pattern.compile(
            "(?:(.)?([<>=^]))?([-+ ])?(#)?(0)?([0-9]{0,9})([,_])?(?:\\.([0-9]{1,9}))?([a-zA-Z%])?", Pattern.DOTALL);
    private static final int MOST_DIGITS = 1_000;

    static FormatSpec parse(String spec) {
        Matcher matcher = SPEC.matcher(spec);
        if (!matcher.matches()) {
            throw new TemplateError("the format '" + spec + "' is not supported");
        }
        boolean zero = matcher.group(5) != null;
        String align = matcher.group(2);
        return new FormatSpec(
                matcher.group(1) != null ? matcher.group(1) : zero ? "0" : " ",
                align != null ? (Character) align.charAt(0) : zero ? (Character) '=' : null,
                matcher.group(3) == null ? '-' : matcher.group(3).charAt(0),
                matcher.group(4) != null,
                matcher.group(6).isEmpty() ? 0 : Integer.parseInt(matcher.group(6)),
                matcher.group(7) == null ? "" : matcher.group(7),
                matcher.group(8) == null ? -1 : Integer.parseInt(matcher.group(8)),
                matcher.group(9) == null ? ' ' : matcher.group(9).charAt(0));
    }

    FormatSpec withoutPrecision() {
        return new FormatSpec(fill, align, sign, alternate, width, grouping, -1, type);
    }

    FormatSpec asText() {
        return new FormatSpec(fill, align, sign, alternate, width, grouping, precision, 's');
    }

    String format(Object value, Render render) {
        Number number = Values.numberOrNull(value);
        if (number == null || (value instanceof Boolean && type == ' ')) {
            return text(value, render);
        }
        boolean whole = number instanceof Long && (type == ' ' || "bcdoxXn".indexOf(type) >= 0);
        if (whole && type == 'c') {
            return padded("", Character.toString(Math.toIntExact(number.longValue())), '<', render);
        }
        boolean negative = whole ? number.longValue() < 0 : number.doubleValue() < 0;
        String digits = whole ? digits(number.longValue()) : decimal(number.doubleValue());
        String prefix = negative ? "-" : sign == '-' ? "" : String.valueOf(sign);
        return padded(prefix, digits, '>', render);
    }

    private String text(Object value, Render render) {
        String text = Text.str(value, render);
        boolean isText = value instanceof String || value instanceof Boolean;
        boolean plain = type == ' ' && width == 0 && precision < 0;
        if ((!isText && !plain) || (type != ' ' && type != 's') || (align != null && align == '=')) {
            throw new TemplateError("the format type '" + type + "' does not take " + Values.typeName(value));
        }
        if (precision >= 0 && precision < Strings.length(text)) {
            text = text.substring(0, text.offsetByCodePoints(0, precision));
        }
        return padded("", text, '<', render);
    }

    private String padded(String prefix, String body, char usual, Render render) {
        long missing = (long) width - Strings.length(prefix) - Strings.length(body);
        char side = align == null ? usual : align;
        BoundedText text = new BoundedText(render);
        long left = side == '>' ? missing : side == '^' ? missing / 2 : 0;
        text.append(fill, left).append(prefix);
        text.append(fill, side == '=' ? missing : 0).append(body);
        return text.append(fill, side == '<' ? missing : side == '^' ? missing - missing / 2 : 0)
                .toString();
    }

    private String digits(long value) {
        if (precision >= 0) {
            throw new TemplateError("a format of an int has no precision");
        }
        BigInteger absolute = BigInteger.valueOf(value).abs();
        return switch (type) {
            case 'x' -> (alternate ? "0x" : "") + absolute.toString(16);
            case 'X' -> (alternate ? "0X" : "") + absolute.toString(16).toUpperCase(Locale.ROOT);
            case 'o' -> (alternate ? "0o" : "") + absolute.toString(8);
            case 'b' -> (alternate ? "0b" : "") + absolute.toString(2);
            default -> grouped(absolute.toString());
        };
    }

    private String decimal(double value) {
        if (precision > MOST_DIGITS) {
            throw new TemplateError("a format has the precision " + precision + ": expected at most " + MOST_DIGITS);
        }
        BigDecimal absolute = new BigDecimal(value).abs();
        int digits = precision < 0 ? 6 : precision;
        return switch (type) {
            case 'f', 'F' -> grouped(fixed(absolute, digits));
            case '%' -> fixed(new BigDecimal(value * 100).abs(), digits) + "%";
            case 'e', 'E' -> cased(scientific(absolute, digits));
            case 'g', 'G' -> cased(general(absolute, Math.max(1, digits), false));
            case ' ' ->
                grouped(precision < 0 ? Text.repr(Math.abs(value)) : general(absolute, Math.max(1, digits), true));
            default -> throw new TemplateError("the format type '" + type + "' does not take a float");
        };
    }

    private String cased(String text) {
        return Character.isUpperCase(type) ? text.toUpperCase(Locale.ROOT) : text;
    }

    private static String fixed(BigDecimal absolute, int digits) {
        return absolute.setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
    }

    private static String scientific(BigDecimal absolute, int digits) {
        BigDecimal rounded = absolute.signum() == 0
                ? BigDecimal.ZERO
                : absolute.round(new MathContext(digits + 1, RoundingMode.HALF_EVEN));
        int exponent = rounded.signum() == 0 ? 0 : rounded.precision() - rounded.scale() - 1;
        String mantissa = rounded.scaleByPowerOfTen(-exponent)
                .setScale(digits, RoundingMode.HALF_EVEN)
                .toPlainString();
        return mantissa + (exponent < 0 ? "e-" : "e+") + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
    }

    /** @param keepPoint whether a whole number ends in ".0", as a float does in a format without a type */
    private static String general(BigDecimal absolute, int digits, boolean keepPoint) {
        String scientific = scientific(absolute, digits - 1);
        int exponent = Integer.parseInt(scientific.substring(scientific.indexOf('e') + 1));
        int limit = keepPoint ? digits - 1 : digits; // repr-like formats use exponents one digit earlier
        if (exponent < -4 || exponent >= Math.max(limit, keepPoint ? 1 : 0)) {
            String mantissa = scientific.substring(0, scientific.indexOf('e'));
            return withoutZeros(mantissa) + scientific.substring(scientific.indexOf('e'));
        }
        String plain = withoutZeros(fixed(absolute, digits - 1 - exponent));
        return keepPoint && plain.indexOf('.') < 0 ? plain + ".0" : plain;
    }

    private static String withoutZeros(String text) {
        return text.indexOf('.') < 0 ? text : text.replaceAll("0+$", "").replaceAll("\\.$", "");
    }

    private String grouped(String digits) {
        if (grouping.isEmpty()) {
            return digits;
        }
        int end = digits.indexOf('.') < 0 ? digits.length() : digits.indexOf('.');
        StringBuilder text = new StringBuilder(digits);
        for (int i = end - 3; i > 0; i -= 3) {
            text.insert(i, grouping);
        }
        return text.toString();
    }
}
