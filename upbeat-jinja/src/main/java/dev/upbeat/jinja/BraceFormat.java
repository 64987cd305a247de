package dev.upbeat.jinja;

import dev.upbeat.jinja.Values.Undefined;

/** Python's {@code "format".format(...)}: fields {@code {}}, {@code {0}}, {@code {name.attribute[key]!r:spec}}. */
final class BraceFormat {
    private final Arguments arguments;
    private final Render render;
    private int next;

    private BraceFormat(Arguments arguments, Render render) {
        this.arguments = arguments;
        this.render = render;
    }

    static String format(String format, Arguments arguments, Render render) {
        return new BraceFormat(arguments, render).text(format);
    }

    private String text(String format) {
        render.enter();
        BoundedText text = new BoundedText(render);
        int i = 0;
        while (i < format.length()) {
            char c = format.charAt(i);
            if (c != '{' && c != '}') {
                int end = i;
                while (end < format.length() && "{}".indexOf(format.charAt(end)) < 0) {
                    end++;
                }
                text.append(format.substring(i, end));
                i = end;
            } else if (i + 1 < format.length() && format.charAt(i + 1) == c) {
                text.append(String.valueOf(c));
                i += 2;
            } else if (c == '}') {
                throw new TemplateError("a single '}' in a format");
            } else {
                int end = endOfField(format, i);
                text.append(field(format.substring(i + 1, end)));
                i = end + 1;
            }
        }
        render.leave();
        return text.toString();
    }

    private static int endOfField(String format, int start) {
        int depth = 0;
        for (int i = start; i < format.length(); i++) {
            depth += format.charAt(i) == '{' ? 1 : format.charAt(i) == '}' ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        throw new TemplateError("a '{' of a format is not closed");
    }

    private String field(String field) {
        int colon = field.indexOf(':');
        String name = colon < 0 ? field : field.substring(0, colon);
        String conversion = name.matches("(?s).*![rsa]") ? name.substring(name.length() - 1) : "";
        Object value = value(conversion.isEmpty() ? name : name.substring(0, name.length() - 2));
        String spec = colon < 0 ? "" : text(field.substring(colon + 1)); // nested fields continue the numbering
        if (conversion.equals("r")) {
            value = Text.repr(value, render);
        } else if (conversion.equals("s")) {
            value = Text.str(value, render);
        } else if (!conversion.isEmpty()) {
            throw new TemplateError("the conversion !" + conversion + " of a format is not supported");
        }
        return FormatSpec.parse(spec).format(value, render);
    }

    private Object value(String name) {
        int end = 0;
        while (end < name.length() && ".[".indexOf(name.charAt(end)) < 0) {
            end++;
        }
        Object value = argument(name.substring(0, end));
        while (end < name.length()) {
            boolean index = name.charAt(end) == '[';
            int start = end + 1;
            end = start;
            while (end < name.length() && (index ? "]" : ".[").indexOf(name.charAt(end)) < 0) {
                end++;
            }
            String key = name.substring(start, end);
            value = index
                    ? Access.item(value, key.matches("[0-9]{1,9}") ? (Object) Long.valueOf(key) : key, render)
                    : Access.attribute(value, key);
            if (value instanceof Undefined undefined) {
                throw new TemplateError(undefined.why());
            }
            end += index ? 1 : 0;
        }
        return value;
    }

    private Object argument(String name) {
        if (!name.isEmpty() && !name.matches("[0-9]{1,9}")) {
            Object value = arguments.named().get(name);
            if (value == null) {
                throw new TemplateError("the format names '" + name + "', which is not given");
            }
            return value;
        }
        int index = name.isEmpty() ? next++ : Integer.parseInt(name);
        if (index >= arguments.positional().size()) {
            throw new TemplateError("the format asks for argument " + index + " of "
                    + arguments.positional().size());
        }
        return arguments.positional().get(index);
    }
}
