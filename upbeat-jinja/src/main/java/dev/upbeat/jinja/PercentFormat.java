package dev.upbeat.jinja;

import dev.upbeat.jinja.Values.Tuple;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Python's {@code "format" % values}. */
final class PercentFormat {
    private static final Pattern DIRECTIVE = Pattern.compile(
            "%(?:\\(([^)]*)\\))?([-+ #0]*)(\\*|[0-9]{0,9})(?:\\.(\\*|[0-9]{0,9}))?[hlL]?(.)", Pattern.DOTALL);

    private PercentFormat() {}

    static String format(String format, Object values, Render render) {
        BoundedText text = new BoundedText(render);
        List<Object> items = values instanceof Tuple tuple ? tuple.items() : List.of(values);
        int used = 0;
        boolean named = false;
        int position = 0;
        Matcher matcher = DIRECTIVE.matcher(format);
        while (true) {
            int start = format.indexOf('%', position);
            text.append(format.substring(position, start < 0 ? format.length() : start));
            if (start < 0) {
                break;
            }
            if (!matcher.region(start, format.length()).lookingAt()) {
                throw new TemplateError("the format ends inside a directive of '%'");
            }
            position = matcher.end();
            char type = matcher.group(5).charAt(0);
            if (type == '%') {
                text.append("%");
                continue;
            }
            Object value;
            if (matcher.group(1) != null) {
                named = true;
                value = named(values, matcher.group(1));
            } else if ("*".equals(matcher.group(3)) || "*".equals(matcher.group(4))) {
                throw new TemplateError("a width '*' in a format is not supported");
            } else if (used == items.size()) {
                throw new TemplateError("not enough arguments for the format: given " + used);
            } else {
                value = items.get(used++);
            }
            text.append(directive(matcher, type, value, render));
        }
        if (!named && used < items.size() && !(values instanceof Map<?, ?>)) {
            throw new TemplateError("not all arguments are used by the format: " + used + " of " + items.size());
        }
        return text.toString();
    }

    private static Object named(Object values, String name) {
        Object value = values instanceof Map<?, ?> ? Values.dict(values).get(name) : null;
        if (value == null) {
            throw new TemplateError(
                    "the format names '" + name + "', which " + Values.typeName(values) + " does not have");
        }
        return value;
    }

    private static String directive(Matcher matcher, char type, Object value, Render render) {
        String flags = matcher.group(2);
        boolean left = flags.contains("-");
        int width = matcher.group(3).isEmpty() ? 0 : Integer.parseInt(matcher.group(3));
        String given = matcher.group(4);
        int precision = given == null ? -1 : given.isEmpty() ? 0 : Integer.parseInt(given);
        boolean text = "sra".indexOf(type) >= 0;
        boolean zero = flags.contains("0") && !left && !text;
        char sign = flags.contains("+") ? '+' : flags.contains(" ") ? ' ' : '-';
        char align = left ? '<' : zero ? '=' : '>';
        FormatSpec spec = new FormatSpec(
                zero ? "0" : " ",
                align,
                sign,
                flags.contains("#"),
                width,
                "",
                precision,
                text ? 's' : type == 'i' || type == 'u' ? 'd' : type);
        if (type == 's') {
            return spec.format(Text.str(value, render), render);
        }
        if (type == 'r') {
            return spec.format(Text.repr(value, render), render);
        }
        if (type == 'c' && value instanceof String one && Strings.length(one) == 1) {
            return spec.withoutPrecision().asText().format(value, render);
        }
        Number number = Values.numberOrNull(value);
        if (number == null || "diuoxXeEfFgG".indexOf(type) < 0) {
            throw new TemplateError("the format %" + type + " does not take " + Values.typeName(value));
        }
        if ("diu".indexOf(type) >= 0) {
            return spec.withoutPrecision().format(Numbers.truncated(number), render);
        }
        return spec.format(number, render);
    }
}
