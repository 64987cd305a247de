package dev.upbeat.checkpoint.jinja;

import dev.upbeat.checkpoint.jinja.Values.None;
import dev.upbeat.checkpoint.jinja.Values.Tuple;
import dev.upbeat.checkpoint.jinja.Values.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** The methods of str and dict. A method that Python has and this has not is refused, not taken for undefined. */
final class Methods {
    private interface Method<T> {
        Object call(T self, Arguments arguments);
    }

    private static final Map<String, Method<String>> STR = Map.ofEntries(
            Map.entry("strip", (s, a) -> strip(s, a, true, true)),
            Map.entry("lstrip", (s, a) -> strip(s, a, true, false)),
            Map.entry("rstrip", (s, a) -> strip(s, a, false, true)),
            Map.entry("startswith", (s, a) -> anyOf(s, a, "startswith", String::startsWith)),
            Map.entry("endswith", (s, a) -> anyOf(s, a, "endswith", String::endsWith)),
            Map.entry("split", Methods::split),
            Map.entry("splitlines", (s, a) -> {
                a.bind("splitlines", 0);
                return Strings.splitLines(s);
            }),
            Map.entry("replace", Methods::replace),
            Map.entry("join", Methods::join),
            Map.entry("find", (s, a) -> find(s, a.bind("find", 1, "sub").string("sub"))),
            Map.entry("count", (s, a) ->
                    (long) Strings.count(s, a.bind("count", 1, "sub").string("sub"))),
            Map.entry("removeprefix", (s, a) -> {
                String prefix = a.bind("removeprefix", 1, "prefix").string("prefix");
                return s.startsWith(prefix) ? s.substring(prefix.length()) : s;
            }),
            Map.entry("removesuffix", (s, a) -> {
                String suffix = a.bind("removesuffix", 1, "suffix").string("suffix");
                return s.endsWith(suffix) ? s.substring(0, s.length() - suffix.length()) : s;
            }),
            Map.entry("upper", (s, a) -> {
                a.bind("upper", 0);
                return s.toUpperCase(Locale.ROOT);
            }),
            Map.entry("lower", (s, a) -> {
                a.bind("lower", 0);
                return s.toLowerCase(Locale.ROOT);
            }),
            Map.entry("capitalize", (s, a) -> {
                a.bind("capitalize", 0);
                return Strings.capitalize(s);
            }));

    private static final Map<String, Method<Map<String, Object>>> DICT = Map.of(
            "get",
                    (dict, a) -> {
                        Arguments.Bound bound = a.bind("get", 1, "key", "default");
                        Object value = bound.required("key") instanceof String key ? dict.get(key) : null;
                        return value == null ? bound.get("default", None.NONE) : value;
                    },
            "keys",
                    (dict, a) -> {
                        a.bind("keys", 0);
                        return new View(new ArrayList<>(dict.keySet()));
                    },
            "values",
                    (dict, a) -> {
                        a.bind("values", 0);
                        return new View(new ArrayList<>(dict.values()));
                    },
            "items",
                    (dict, a) -> {
                        a.bind("items", 0);
                        return new View(items(dict));
                    });

    private static final Set<String> OTHERS_OF_STR = Set.of(
            "casefold",
            "center",
            "encode",
            "expandtabs",
            "format",
            "format_map",
            "index",
            "isalnum",
            "isalpha",
            "isascii",
            "isdecimal",
            "isdigit",
            "isidentifier",
            "islower",
            "isnumeric",
            "isprintable",
            "isspace",
            "istitle",
            "isupper",
            "ljust",
            "maketrans",
            "partition",
            "rfind",
            "rindex",
            "rjust",
            "rpartition",
            "rsplit",
            "swapcase",
            "title",
            "translate",
            "zfill");
    private static final Set<String> OTHERS_OF_DICT =
            Set.of("clear", "copy", "fromkeys", "pop", "popitem", "setdefault", "update");
    private static final Set<String> OTHERS_OF_LIST =
            Set.of("append", "clear", "copy", "count", "extend", "index", "insert", "pop", "remove", "reverse", "sort");
    private static final Set<String> OTHERS_OF_NUMBERS = Set.of(
            "as_integer_ratio",
            "bit_count",
            "bit_length",
            "conjugate",
            "denominator",
            "from_bytes",
            "fromhex",
            "hex",
            "imag",
            "is_integer",
            "numerator",
            "real",
            "to_bytes");

    /** Every name that a template may call with a dot before it. */
    static final Set<String> NAMES = names();

    private Methods() {}

    /** Null where Python has no such attribute either. */
    static @Nullable Object of(Object value, String name) {
        Set<String> others = Set.of();
        if (value instanceof String text) {
            Method<String> method = STR.get(name);
            if (method != null) {
                return (Values.Function) (arguments, render) -> method.call(text, arguments);
            }
            others = OTHERS_OF_STR;
        } else if (value instanceof Map<?, ?>) {
            Method<Map<String, Object>> method = DICT.get(name);
            if (method != null) {
                return (Values.Function) (arguments, render) -> method.call(Values.dict(value), arguments);
            }
            others = OTHERS_OF_DICT;
        } else if (value instanceof List<?> || value instanceof Tuple) {
            others = OTHERS_OF_LIST;
        } else if (value instanceof Number || value instanceof Boolean) {
            others = OTHERS_OF_NUMBERS;
        }
        if (others.contains(name) || name.startsWith("__")) {
            throw new TemplateError("the method " + name + "() of " + Values.typeName(value) + " is not supported");
        }
        return null;
    }

    /** A dict's pairs. */
    static List<Object> items(Map<String, Object> dict) {
        List<Object> items = new ArrayList<>(dict.size());
        dict.forEach((key, value) -> items.add(new Tuple(List.of(key, value))));
        return items;
    }

    private static Set<String> names() {
        Set<String> names = new TreeSet<>(STR.keySet());
        names.addAll(DICT.keySet());
        names.addAll(Set.of("cycle", "changed"));
        return names;
    }

    private static Object strip(String self, Arguments arguments, boolean left, boolean right) {
        String name = left && right ? "strip" : left ? "lstrip" : "rstrip";
        return Strings.strip(self, arguments.bind(name, 0, "chars").stringOrNull("chars"), left, right);
    }

    /** @param name of a method that takes one affix or a tuple of them */
    private static Object anyOf(String self, Arguments arguments, String name, BiPredicate<String, String> test) {
        Object affix = arguments.bind(name, 1, "affix").required("affix");
        List<Object> affixes = affix instanceof Tuple tuple ? tuple.items() : List.of(affix);
        return affixes.stream().anyMatch(a -> test.test(self, Values.string(a, "the argument of " + name + "()")));
    }

    private static Object split(String self, Arguments arguments) {
        Arguments.Bound bound = arguments.bind("split", 0, "sep", "maxsplit");
        String separator = bound.stringOrNull("sep");
        long limit = bound.integer("maxsplit", -1);
        List<Object> parts =
                separator == null ? Strings.splitAtBlanks(self, limit) : Strings.split(self, separator, limit);
        Values.requireLength(parts.size());
        return parts;
    }

    private static Object replace(String self, Arguments arguments) {
        Arguments.Bound bound = arguments.bind("replace", 2, "old", "new", "count");
        return Strings.replace(self, bound.string("old"), bound.string("new"), bound.integer("count", -1));
    }

    private static Object join(String self, Arguments arguments) {
        BoundedText text = new BoundedText();
        String separator = "";
        for (Object item : Values.iterate(arguments.bind("join", 1, "iterable").required("iterable"))) {
            text.append(separator).append(Values.string(item, "an item of join()"));
            separator = self;
        }
        return text.toString();
    }

    private static Object find(String self, String part) {
        int index = new Strings.Finder(part).find(self, 0);
        return index < 0 ? -1L : (long) self.codePointCount(0, index);
    }
}
