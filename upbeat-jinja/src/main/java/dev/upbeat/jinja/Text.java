package dev.upbeat.jinja;

import dev.upbeat.jinja.Values.None;
import dev.upbeat.jinja.Values.Range;
import dev.upbeat.jinja.Values.Tuple;
import dev.upbeat.jinja.Values.Undefined;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes values as Python's str() and repr() do. */
final class Text {
    private Text() {}

    static String str(Object value, Render render) {
        if (value instanceof String text) {
            return text;
        }
        if (value instanceof Undefined) {
            return "";
        }
        return repr(value, render);
    }

    static String repr(Object value, Render render) {
        BoundedText out = new BoundedText(render);
        repr(value, out, 0);
        return out.toString();
    }

    private static void repr(Object value, BoundedText out, int depth) {
        Values.requireShallow(depth);
        if (value instanceof String text) {
            out.append(quoted(text));
        } else if (value instanceof Boolean bool) {
            out.append(bool ? "True" : "False");
        } else if (value == None.NONE) {
            out.append("None");
        } else if (value instanceof Undefined) {
            out.append("Undefined");
        } else if (value instanceof Long) {
            out.append(value.toString());
        } else if (value instanceof Double number) {
            out.append(repr(number));
        } else if (value instanceof List<?>) {
            items(Values.list(value), "[", "]", out, depth);
        } else if (value instanceof Tuple tuple) {
            items(tuple.items(), "(", tuple.items().size() == 1 ? ",)" : ")", out, depth);
        } else if (value instanceof Values.View view) {
            items(view.items(), "dict_" + view.kind() + "([", "])", out, depth);
        } else if (value instanceof Map<?, ?>) {
            String separator = "{";
            for (Map.Entry<String, Object> entry : Values.dict(value).entrySet()) {
                out.append(separator).append(quoted(entry.getKey())).append(": ");
                repr(entry.getValue(), out, depth + 1);
                separator = ", ";
            }
            out.append(separator.equals("{") ? "{}" : "}");
        } else if (value instanceof Range range) {
            out.append("range(" + range.start() + ", " + range.stop()
                    + (range.step() == 1 ? ")" : ", " + range.step() + ")"));
        } else {
            throw new TemplateError(Values.typeName(value) + " cannot be written as text");
        }
    }

    private static void items(List<Object> items, String open, String close, BoundedText out, int depth) {
        out.append(open);
        for (int i = 0; i < items.size(); i++) {
            out.append(i == 0 ? "" : ", ");
            repr(items.get(i), out, depth + 1);
        }
        out.append(close);
    }

    /** The shortest decimal that reads back as the same double, with an exponent below 1e-4 and from 1e16. */
    static String repr(double number) {
        if (number == 0) {
            return Double.doubleToRawLongBits(number) == 0 ? "0.0" : "-0.0";
        }
        BigDecimal exact = new BigDecimal(number);
        BigDecimal shortest = exact;
        for (int digits = 1; digits <= 17; digits++) {
            shortest = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
            if (shortest.doubleValue() == number) {
                break;
            }
        }
        shortest = shortest.stripTrailingZeros();
        int exponent = shortest.precision() - shortest.scale() - 1;
        if (-4 <= exponent && exponent < 16) {
            String plain = shortest.toPlainString();
            return plain.contains(".") ? plain : plain + ".0";
        }
        String digits = shortest.unscaledValue().abs().toString();
        String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
        return String.format(
                Locale.ROOT,
                "%s%se%s%02d",
                number < 0 ? "-" : "",
                mantissa,
                exponent < 0 ? "-" : "+",
                Math.abs(exponent));
    }

    private static String quoted(String text) {
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        StringBuilder out = new StringBuilder(text.length() + 2).append(quote);
        text.codePoints().forEach(c -> {
            if (c == '\\' || c == quote) {
                out.append('\\').append((char) c);
            } else if (c == '\n' || c == '\r' || c == '\t') {
                out.append('\\').append(c == '\n' ? 'n' : c == '\r' ? 'r' : 't');
            } else if (isPrintable(c)) {
                out.appendCodePoint(c);
            } else {
                out.append(String.format(c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x", c));
            }
        });
        return out.append(quote).toString();
    }

    private static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            case Character.SPACE_SEPARATOR -> c == ' ';
            default -> true;
        };
    }
}
