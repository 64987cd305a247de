package dev.upbeat.jinja;

import dev.upbeat.jinja.Values.Namespace;
import dev.upbeat.jinja.Values.None;
import dev.upbeat.jinja.Values.Range;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Global functions of chat templates. */
final class Functions {
    private static final int LARGEST_RANGE = 100_000; // the limit of jinja2's sandbox

    static final Map<String, Values.Function> GLOBAL = Map.of(
            "range", (arguments, render) -> range(arguments),
            "dict", (arguments, render) -> dict("dict", arguments, render),
            "namespace", (arguments, render) -> namespace(arguments, render),
            "joiner", (arguments, render) -> joiner(arguments, render),
            "cycler", (arguments, render) -> new Cycler(arguments.positionalOnly("cycler")),
            "raise_exception", Functions::raise,
            "strftime_now",
                    (arguments, render) ->
                            strftime(arguments.bind("strftime_now", 1, "format").string("format"), render));

    private static final Map<Character, String> DATE_PATTERNS = Map.ofEntries(
            Map.entry('Y', "uuuu"),
            Map.entry('y', "uu"),
            Map.entry('m', "MM"),
            Map.entry('B', "MMMM"),
            Map.entry('b', "MMM"),
            Map.entry('d', "dd"),
            Map.entry('j', "DDD"),
            Map.entry('A', "EEEE"),
            Map.entry('a', "EEE"),
            Map.entry('H', "HH"),
            Map.entry('I', "hh"),
            Map.entry('p', "a"),
            Map.entry('M', "mm"),
            Map.entry('S', "ss"),
            Map.entry('F', "uuuu-MM-dd"),
            Map.entry('T', "HH:mm:ss"),
            Map.entry('R', "HH:mm"),
            Map.entry('D', "MM/dd/uu"),
            Map.entry('h', "MMM"));

    private Functions() {}

    private static Object range(Arguments arguments) {
        List<Object> bounds = arguments.positionalOnly("range");
        if (bounds.isEmpty() || bounds.size() > 3) {
            throw new TemplateError("range() has " + bounds.size() + " arguments: expected 1 to 3");
        }
        long[] values = bounds.stream()
                .mapToLong(bound -> Values.integer(bound, "an argument of range()"))
                .toArray();
        long start = values.length == 1 ? 0 : values[0];
        long stop = values.length == 1 ? values[0] : values[1];
        long step = values.length == 3 ? values[2] : 1;
        if (step == 0) {
            throw new TemplateError("the step of range() is 0");
        }
        double length = Math.max(0, Math.ceil(((double) stop - start) / step));
        if (length > LARGEST_RANGE) {
            throw new TemplateError("range() has more than " + LARGEST_RANGE + " items");
        }
        return new Range(start, stop, step, (int) length);
    }

    private static Map<String, Object> dict(String function, Arguments arguments, Render render) {
        if (arguments.positional().size() > 1) {
            throw new TemplateError(function + "() has more than one argument without a name");
        }
        Map<String, Object> dict = new LinkedHashMap<>();
        if (!arguments.positional().isEmpty()) {
            Object given = arguments.positional().get(0);
            if (given instanceof Map<?, ?>) {
                render.spend(((Map<?, ?>) given).size());
                dict.putAll(Values.dict(given));
            } else {
                for (Object pair : Values.iterate(given, render)) {
                    List<Object> items = Values.iterate(pair, render);
                    if (items.size() != 2) {
                        throw new TemplateError(function + "() is given an item of " + items.size()
                                + " values: expected pairs of a key and a value");
                    }
                    dict.put(Values.string(items.get(0), "a key of a dict"), items.get(1));
                }
            }
        }
        dict.putAll(arguments.named());
        return dict;
    }

    private static Namespace namespace(Arguments arguments, Render render) {
        Namespace namespace = new Namespace(dict("namespace", arguments, render));
        namespace.attributes().keySet().forEach(Functions::requireNamespaceName);
        return namespace;
    }

    /** Rejects names of attributes that begin with an underscore. */
    static void requireNamespaceName(String name) {
        if (name.startsWith("_")) {
            throw new TemplateError("the attribute " + name + " of a namespace starts with an underscore");
        }
    }

    /** Returns a function that gives an empty text at the first call, then the separator. */
    private static Values.Function joiner(Arguments arguments, Render render) {
        Object separator = arguments.bind("joiner", 0, "sep").get("sep", ", ");
        boolean[] used = new boolean[1];
        return (none, sameRender) -> {
            Object text = used[0] ? separator : "";
            used[0] = true;
            return text;
        };
    }

    /** Cycles through its values. */
    static final class Cycler {
        private final List<Object> values;
        private int position;

        Cycler(List<Object> values) {
            if (values.isEmpty()) {
                throw new TemplateError("cycler() has no values to choose from");
            }
            this.values = values;
        }

        /** Null for a name that a cycler does not have. */
        @Nullable
        Object attribute(String name) {
            return switch (name) {
                case "current" -> values.get(position);
                case "next" ->
                    (Values.Function) (arguments, render) -> {
                        Object current = values.get(position);
                        position = (position + 1) % values.size();
                        return current;
                    };
                case "reset" ->
                    (Values.Function) (arguments, render) -> {
                        position = 0;
                        return None.NONE;
                    };
                default -> null;
            };
        }
    }

    private static Object raise(Arguments arguments, Render render) {
        throw new TemplateError("the template refuses the conversation: "
                + Text.str(arguments.bind("raise_exception", 1, "message").required("message"), render));
    }

    private static String strftime(String format, Render render) {
        LocalDateTime now = render.now();
        BoundedText text = new BoundedText(render);
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            render.spend(1);
            if (c != '%') {
                text.append(String.valueOf(c));
                continue;
            }
            char directive = ++i < format.length() ? format.charAt(i) : ' ';
            if (directive == '-' && i + 1 < format.length()) { // without leading zeros
                String padded = strftime("%" + format.charAt(++i), render);
                text.append(padded.replaceFirst("^0+(?=\\d)", ""));
                continue;
            }
            String pattern = DATE_PATTERNS.get(directive);
            if (directive == '%') {
                text.append("%");
            } else if (pattern != null) {
                text.append(DateTimeFormatter.ofPattern(pattern, Locale.US).format(now));
            } else {
                throw new TemplateError(
                        "the directive %" + directive + " of strftime_now() is not supported: expected one of "
                                + new TreeSet<>(DATE_PATTERNS.keySet()));
            }
        }
        return text.toString();
    }
}
