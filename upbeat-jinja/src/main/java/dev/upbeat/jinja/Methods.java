package dev.upbeat.jinja;

import dev.upbeat.jinja.Values.None;
import dev.upbeat.jinja.Values.Tuple;
import dev.upbeat.jinja.Values.View;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The methods of values. An unsupported method of Python is an error rather than undefined, and so is a method that
 * changes a list or dict, as in the sandbox of transformers.
 */
final class Methods {
    private interface Method<T> {
        Object call(T self, Arguments arguments, Render render);
    }

    private static final Map<String, Method<Map<String, Object>>> DICT = Map.of(
            "get",
                    (dict, a, r) -> {
                        Arguments.Bound bound = a.bind("get", 1, "key", "default");
                        Object value = bound.required("key") instanceof String key ? dict.get(key) : null;
                        return value == null ? bound.get("default", None.NONE) : value;
                    },
            "keys",
                    (dict, a, r) -> {
                        a.bind("keys", 0);
                        r.spend(dict.size());
                        return new View("keys", new ArrayList<>(dict.keySet()));
                    },
            "values",
                    (dict, a, r) -> {
                        a.bind("values", 0);
                        r.spend(dict.size());
                        return new View("values", new ArrayList<>(dict.values()));
                    },
            "items",
                    (dict, a, r) -> {
                        a.bind("items", 0);
                        return new View("items", items(dict, r));
                    },
            "copy",
                    (dict, a, r) -> {
                        a.bind("copy", 0);
                        r.spend(dict.size());
                        return new LinkedHashMap<>(dict);
                    });

    private static final Map<String, Method<List<Object>>> SEQUENCE = Map.of(
            "count",
                    (items, a, r) -> {
                        Object sought = a.bind("count", 1, "value").required("value");
                        return items.stream()
                                .filter(item -> Equality.equal(item, sought, r))
                                .count();
                    },
            "index",
                    (items, a, r) -> {
                        Object sought = a.bind("index", 1, "value").required("value");
                        for (int i = 0; i < items.size(); i++) {
                            if (Equality.equal(items.get(i), sought, r)) {
                                return (long) i;
                            }
                        }
                        throw new TemplateError("the value of index() is not in the list");
                    },
            "copy",
                    (items, a, r) -> {
                        a.bind("copy", 0);
                        r.spend(items.size());
                        return new ArrayList<>(items);
                    });

    private static final Set<String> CHANGES = Set.of(
            "append",
            "clear",
            "extend",
            "insert",
            "pop",
            "remove",
            "reverse",
            "sort",
            "popitem",
            "setdefault",
            "update");
    private static final Set<String> OTHERS_OF_STR =
            Set.of("encode", "expandtabs", "format_map", "isidentifier", "isprintable", "maketrans", "translate");
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
            "numerator",
            "real",
            "to_bytes");

    private Methods() {}

    /** The method of this name; null if Python has no such attribute. */
    static @Nullable Object of(Object value, String name) {
        Values.Function found = null;
        Set<String> others = Set.of();
        boolean changes = false;
        if (value instanceof String text) {
            found = StrMethods.of(text, name);
            others = OTHERS_OF_STR;
        } else if (value instanceof Map<?, ?>) {
            found = bound(DICT.get(name), Values.dict(value));
            others = Set.of("fromkeys");
            changes = CHANGES.contains(name)
                    && !Set.of("append", "extend", "insert", "remove", "reverse", "sort")
                            .contains(name);
        } else if (value instanceof List<?> || value instanceof Tuple) {
            boolean isList = value instanceof List<?>;
            List<Object> items = value instanceof Tuple tuple ? tuple.items() : Values.list(value);
            found = isList || !name.equals("copy") ? bound(SEQUENCE.get(name), items) : null;
            changes = isList
                    && CHANGES.contains(name)
                    && !Set.of("popitem", "setdefault", "update").contains(name);
        } else if (value instanceof Double number && name.equals("is_integer")) {
            found = (arguments, render) -> number == Math.rint(number);
        } else if (value instanceof Number || value instanceof Boolean) {
            others = OTHERS_OF_NUMBERS;
        }
        if (changes) {
            throw new TemplateError("the method " + name + "() changes " + Values.typeName(value)
                    + " in place, which the sandbox of chat templates forbids: make a new one by + or dict(..)");
        }
        if (others.contains(name) || name.startsWith("__")) {
            throw new TemplateError("the method " + name + "() of " + Values.typeName(value) + " is not supported");
        }
        return found;
    }

    private static <T> Values.@Nullable Function bound(@Nullable Method<T> method, T self) {
        return method == null
                ? null
                : (arguments, render) -> {
                    render.spendOn(self);
                    render.spendOn(arguments);
                    return method.call(self, arguments, render);
                };
    }

    /** A dict's pairs. */
    static List<Object> items(Map<String, Object> dict, Render render) {
        render.spend(2L * dict.size());
        List<Object> items = new ArrayList<>(dict.size());
        dict.forEach((key, value) -> items.add(new Tuple(List.of(key, value))));
        return items;
    }
}
