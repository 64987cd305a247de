package dev.upbeat.jinja;

import dev.upbeat.jinja.Values.None;
import dev.upbeat.jinja.Values.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes values as Python's {@code json.dumps} does.
 *
 * @param indent indentation of one level; null for a single line
 */
record Json(boolean ensureAscii, @Nullable String indent, String itemSeparator, String keySeparator, boolean sortKeys) {

    /** The filter {@code tojson} as transformers defines it. */
    static Object filter(Object value, Arguments.Bound arguments, Render render) {
        Object indent = arguments.get("indent", None.NONE);
        String level = indent == None.NONE ? null : indent instanceof String text ? text : blanks(indent);
        String itemSeparator = level == null ? ", " : ",";
        String keySeparator = ": ";
        Object separators = arguments.get("separators", None.NONE);
        if (separators != None.NONE) {
            List<Object> pair = Values.iterate(separators, render);
            if (pair.size() != 2) {
                throw new TemplateError("the separators of tojson are " + pair.size() + " values: expected 2");
            }
            itemSeparator = Values.string(pair.get(0), "a separator of tojson");
            keySeparator = Values.string(pair.get(1), "a separator of tojson");
        }
        Json json = new Json(
                arguments.flag("ensure_ascii", false),
                level,
                itemSeparator,
                keySeparator,
                arguments.flag("sort_keys", false));
        BoundedText out = new BoundedText(render);
        json.write(value, out, 0, render);
        return out.toString();
    }

    private void write(Object value, BoundedText out, int depth, Render render) {
        Values.requireShallow(depth);
        if (value instanceof String text) {
            out.append(quoted(text));
        } else if (value instanceof Boolean || value instanceof Long) {
            out.append(value.toString());
        } else if (value instanceof Double number) {
            out.append(Text.repr(number));
        } else if (value == None.NONE) {
            out.append("null");
        } else if (value instanceof List<?> || value instanceof Tuple) {
            List<Object> items = Values.iterate(value, render);
            out.append("[");
            for (int i = 0; i < items.size(); i++) {
                separate(i == 0, out, depth);
                write(items.get(i), out, depth + 1, render);
            }
            close(items.isEmpty(), "]", out, depth);
        } else if (value instanceof Map<?, ?>) {
            List<Map.Entry<String, Object>> entries =
                    new ArrayList<>(Values.dict(value).entrySet());
            if (sortKeys) {
                render.spend(20L * entries.size());
                entries.sort(Map.Entry.comparingByKey(Strings::compare));
            }
            out.append("{");
            for (int i = 0; i < entries.size(); i++) {
                separate(i == 0, out, depth);
                out.append(quoted(entries.get(i).getKey())).append(keySeparator);
                write(entries.get(i).getValue(), out, depth + 1, render);
            }
            close(entries.isEmpty(), "}", out, depth);
        } else {
            throw new TemplateError("tojson cannot write " + Values.typeName(value));
        }
    }

    private void separate(boolean first, BoundedText out, int depth) {
        out.append(first ? "" : itemSeparator);
        newLine(out, depth + 1);
    }

    private void close(boolean empty, String bracket, BoundedText out, int depth) {
        if (!empty) {
            newLine(out, depth);
        }
        out.append(bracket);
    }

    private void newLine(BoundedText out, int depth) {
        if (indent != null) {
            out.append("\n");
            out.append(indent, depth);
        }
    }

    private static String blanks(Object indent) {
        long blanks = Values.integer(indent, "the indent of tojson");
        if (blanks > 1_000) {
            throw new TemplateError("the indent of tojson is " + blanks + ": expected at most 1000");
        }
        return " ".repeat((int) Math.max(0, blanks)); // json.dumps, too, takes a negative indent as 0
    }

    private String quoted(String text) {
        StringBuilder out = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> {
                    if (c < ' ' || (ensureAscii && c > '~')) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.append('"').toString();
    }
}
