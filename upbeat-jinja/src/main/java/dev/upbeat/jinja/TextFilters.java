package dev.upbeat.jinja;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** Filters from text to text. */
final class TextFilters {
    private static final Pattern WORD = Pattern.compile("\\w+", Pattern.UNICODE_CHARACTER_CLASS);

    /** Characters after which the filter title begins a word. */
    private static final String BEFORE_WORDS = "-({[<";

    private static final String HEX = "0123456789ABCDEF";

    private TextFilters() {}

    static void register(Map<String, Filters.Filter> filters) {
        filters.put(
                "trim",
                (v, a, r) ->
                        Strings.strip(Text.str(v, r), a.bind("trim", 0, "chars").stringOrNull("chars"), true, true));
        ofText(filters, "upper", Case::upper);
        ofText(filters, "lower", Case::lower);
        ofText(filters, "capitalize", Case::capitalize);
        ofText(filters, "title", TextFilters::title);
        ofText(filters, "string", s -> s);
        ofText(filters, "safe", s -> s); // text is escaped only on request
        ofText(filters, "striptags", TextFilters::withoutTags);
        for (String name : List.of("escape", "e", "forceescape")) {
            filters.put(name, (v, a, r) -> {
                a.bind(name, 0);
                return escaped(Text.str(v, r), r);
            });
        }
        filters.put("replace", (v, a, r) -> replace(v, a.bind("replace", 2, "old", "new", "count"), r));
        filters.put(
                "center",
                (v, a, r) -> Strings.padded(
                        Text.str(v, r), a.bind("center", 0, "width").integer("width", 80), " ", "center", r));
        filters.put("indent", (v, a, r) -> indent(v, a.bind("indent", 0, "width", "first", "blank"), r));
        filters.put(
                "truncate", (v, a, r) -> truncate(v, a.bind("truncate", 0, "length", "killwords", "end", "leeway"), r));
        filters.put("wordcount", (v, a, r) -> {
            a.bind("wordcount", 0);
            return WORD.matcher(Text.str(v, r)).results().count();
        });
        filters.put("format", (v, a, r) -> format(v, a, r));
        filters.put("urlencode", (v, a, r) -> {
            a.bind("urlencode", 0);
            return urlEncoded(v, r);
        });
    }

    private static void ofText(Map<String, Filters.Filter> filters, String name, UnaryOperator<String> function) {
        filters.put(name, (v, a, r) -> {
            a.bind(name, 0);
            return function.apply(Text.str(v, r));
        });
    }

    private static Object replace(Object value, Arguments.Bound bound, Render render) {
        Object count = bound.get("count", Values.None.NONE);
        return Strings.replace(
                Text.str(value, render),
                Text.str(bound.required("old"), render),
                Text.str(bound.required("new"), render),
                count == Values.None.NONE ? -1 : bound.integer("count", -1),
                render);
    }

    /** Unlike in the method title(), words begin after white space, a hyphen or an opening bracket. */
    private static String title(String text) {
        StringBuilder title = new StringBuilder(text.length());
        boolean begins = true;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            String one = Character.toString(c);
            title.append(begins ? one.toUpperCase(Locale.ROOT) : one.toLowerCase(Locale.ROOT));
            begins = Strings.isSpace(c) || BEFORE_WORDS.indexOf(c) >= 0;
            i += Character.charCount(c);
        }
        return title.toString();
    }

    private static String withoutTags(String text) {
        StringBuilder plain = new StringBuilder();
        int start = 0;
        while (start < text.length()) {
            int open = text.indexOf('<', start);
            boolean comment = open >= 0 && text.startsWith("<!--", open);
            int close = open < 0 ? -1 : comment ? text.indexOf("-->", open) : text.indexOf('>', open);
            if (close < 0) {
                break;
            }
            plain.append(text, start, open);
            start = close + (comment ? 3 : 1);
        }
        String rest = String.join(
                " ",
                Strings.splitAtBlanks(plain + text.substring(start), -1).stream()
                        .map(String.class::cast)
                        .toList());
        return rest.replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&#34;", "\"")
                .replace("&#39;", "'")
                .replace("&amp;", "&");
    }

    private static String escaped(String text, Render render) {
        BoundedText out = new BoundedText(render);
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            String entity =
                    switch (text.charAt(i)) {
                        case '&' -> "&amp;";
                        case '<' -> "&lt;";
                        case '>' -> "&gt;";
                        case '"' -> "&#34;";
                        case '\'' -> "&#39;";
                        default -> "";
                    };
            if (!entity.isEmpty()) {
                out.append(text.substring(start, i)).append(entity);
                start = i + 1;
            }
        }
        return out.append(text.substring(start)).toString();
    }

    private static Object indent(Object value, Arguments.Bound bound, Render render) {
        Object width = bound.get("width", 4L);
        String level = width instanceof String text
                ? text
                : new BoundedText(render)
                        .append(" ", Values.integer(width, "the width of indent"))
                        .toString();
        List<Object> lines = Strings.splitLines(Values.string(value, "what indent is given") + "\n", false);
        boolean blank = bound.flag("blank", false);
        BoundedText text = new BoundedText(render);
        if (bound.flag("first", false)) {
            text.append(level);
        }
        for (int i = 0; i < lines.size(); i++) {
            String line = (String) lines.get(i);
            text.append(i == 0 ? "" : "\n")
                    .append(i > 0 && (blank || !line.isEmpty()) ? level : "")
                    .append(line);
        }
        return text.toString();
    }

    private static Object truncate(Object value, Arguments.Bound bound, Render render) {
        long length = bound.integer("length", 255);
        String end = bound.get("end") == null ? "..." : bound.string("end");
        boolean usual = bound.get("leeway", Values.None.NONE) == Values.None.NONE;
        long leeway = usual ? 5 : bound.integer("leeway", 5);
        if (length < Strings.length(end) || leeway < 0) {
            throw new TemplateError("truncate is given length " + length + " and leeway " + leeway
                    + ": expected a length of at least its end's, and a leeway of at least 0");
        }
        Integer size = Values.lengthOrNull(value);
        if (size != null && size <= length + leeway) {
            return value;
        }
        String text = Values.string(value, "what truncate is given");
        String kept = text.substring(0, text.offsetByCodePoints(0, (int) length - Strings.length(end)));
        if (!bound.flag("killwords", false)) {
            int blank = kept.lastIndexOf(' ');
            kept = blank < 0 ? kept : kept.substring(0, blank);
        }
        return new BoundedText(render).append(kept).append(end).toString();
    }

    private static Object format(Object value, Arguments arguments, Render render) {
        if (!arguments.positional().isEmpty() && !arguments.named().isEmpty()) {
            throw new TemplateError(
                    "the filter format is given arguments both with and without names: expected one kind");
        }
        Object values = arguments.named().isEmpty()
                ? new Values.Tuple(new ArrayList<>(arguments.positional()))
                : arguments.named();
        return PercentFormat.format(Text.str(value, render), values, render);
    }

    /** Encodes a dict or pairs as a query, and any other value as quoted text. */
    private static String urlEncoded(Object value, Render render) {
        if (value instanceof String || !Values.isIterable(value)) {
            return urlQuoted(Text.str(value, render), "-._~/", render);
        }
        List<Object> pairs =
                value instanceof Map<?, ?> ? Methods.items(Values.dict(value), render) : Values.iterate(value, render);
        BoundedText query = new BoundedText(render);
        String separator = "";
        for (Object pair : pairs) {
            List<Object> items = Values.iterate(pair, render);
            if (items.size() != 2) {
                throw new TemplateError("urlencode is given an item of " + items.size() + " values: expected pairs");
            }
            query.append(separator)
                    .append(urlQuoted(Text.str(items.get(0), render), "-._~", render))
                    .append("=");
            query.append(urlQuoted(Text.str(items.get(1), render), "-._~", render));
            separator = "&";
        }
        return query.toString();
    }

    private static String urlQuoted(String text, String plainSigns, Render render) {
        BoundedText out = new BoundedText(render);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = b > 0 && (Character.isLetterOrDigit(b) || plainSigns.indexOf(b) >= 0);
            out.append(plain ? String.valueOf((char) b) : "%" + HEX.charAt((b >> 4) & 15) + HEX.charAt(b & 15));
        }
        return out.toString();
    }
}
