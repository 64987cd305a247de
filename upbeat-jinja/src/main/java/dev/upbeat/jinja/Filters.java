package dev.upbeat.jinja;

import dev.upbeat.jinja.Values.None;
import dev.upbeat.jinja.Values.OneShot;
import dev.upbeat.jinja.Values.Tuple;
import dev.upbeat.jinja.Values.Undefined;
import dev.upbeat.jinja.Values.View;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * {@code value | name(...)}: jinja2's filters, and transformers' tojson. Each application counts the size of its arguments as
 * work.
 */
final class Filters {
    /** One filter. */
    interface Filter {
        Object apply(Object value, Arguments arguments, Render render);
    }

    private static final Map<String, Filter> BY_NAME = new TreeMap<>();

    static {
        TextFilters.register(BY_NAME);
        ListFilters.register(BY_NAME);
        BY_NAME.put("length", (v, a, r) -> length(v, a));
        BY_NAME.put("count", (v, a, r) -> length(v, a));
        BY_NAME.put("default", (v, a, r) -> orElse(v, a));
        BY_NAME.put("d", (v, a, r) -> orElse(v, a));
        BY_NAME.put("list", (v, a, r) -> {
            a.bind("list", 0);
            List<Object> items = Values.iterate(v, r);
            r.spend(items.size());
            return new ArrayList<>(items);
        });
        BY_NAME.put("items", (v, a, r) -> items(v, a, r));
        BY_NAME.put("first", (v, a, r) -> first(v, a, r));
        BY_NAME.put("last", (v, a, r) -> last(v, a, r));
        BY_NAME.put("reverse", (v, a, r) -> reverse(v, a, r));
        BY_NAME.put("join", (v, a, r) -> join(v, a.bind("join", 0, "d", "attribute"), r));
        BY_NAME.put("attr", (v, a, r) -> attribute(v, a.bind("attr", 1, "name").string("name")));
        BY_NAME.put(
                "tojson",
                (v, a, r) ->
                        Json.filter(v, a.bind("tojson", 0, "ensure_ascii", "indent", "separators", "sort_keys"), r));
        BY_NAME.put("int", (v, a, r) -> {
            Arguments.Bound bound = a.bind("int", 0, "default", "base");
            return Numbers.toInt(v, bound.get("default", 0L), bound.integer("base", 10));
        });
        BY_NAME.put(
                "float",
                (v, a, r) -> Objects.requireNonNull(
                        Numbers.toFloat(v, a.bind("float", 0, "default").get("default", 0.0))));
        BY_NAME.put("round", (v, a, r) -> {
            Arguments.Bound bound = a.bind("round", 0, "precision", "method");
            return Numbers.round(
                    v, bound.integer("precision", 0), bound.get("method") == null ? "common" : bound.string("method"));
        });
        BY_NAME.put("abs", (v, a, r) -> {
            a.bind("abs", 0);
            return absolute(v);
        });
    }

    private Filters() {}

    static boolean isKnown(Object name) {
        return name instanceof String text && BY_NAME.containsKey(text);
    }

    static Object apply(String name, Object value, Arguments arguments, Render render) {
        Filter filter = BY_NAME.get(name);
        if (filter == null) {
            throw new TemplateError("the filter '" + name + "' is not supported: expected one of " + BY_NAME.keySet());
        }
        render.spendOn(value);
        render.spendOn(arguments);
        Object result = filter.apply(value, arguments, render);
        render.spendOn(result);
        return result;
    }

    private static Object length(Object value, Arguments arguments) {
        arguments.bind("length", 0);
        Integer length = Values.lengthOrNull(value);
        if (length == null) {
            throw new TemplateError(Values.typeName(value) + " has no length");
        }
        return (long) length;
    }

    private static Object orElse(Object value, Arguments arguments) {
        Arguments.Bound bound = arguments.bind("default", 0, "default_value", "boolean");
        boolean absent = value instanceof Undefined || (bound.flag("boolean", false) && !Values.isTrue(value));
        return absent ? bound.get("default_value", "") : value;
    }

    private static Object items(Object value, Arguments arguments, Render render) {
        arguments.bind("items", 0);
        if (value instanceof Undefined) {
            return ListFilters.generator(List.of());
        }
        if (value instanceof Map<?, ?>) {
            return ListFilters.generator(Methods.items(Values.dict(value), render));
        }
        throw new TemplateError("the filter items is given " + Values.typeName(value) + ": expected a dict");
    }

    private static Object first(Object value, Arguments arguments, Render render) {
        arguments.bind("first", 0);
        if (value instanceof OneShot generator) {
            return generator.rest().hasNext() ? generator.rest().next() : nothing("first");
        }
        if (value instanceof String text && !text.isEmpty()) {
            return Access.item(text, 0L, render);
        }
        List<Object> items = Values.iterate(value, render);
        return items.isEmpty() ? nothing("first") : items.get(0);
    }

    private static Object last(Object value, Arguments arguments, Render render) {
        arguments.bind("last", 0);
        if (value instanceof OneShot) {
            throw new TemplateError("the filter last is given " + Values.typeName(value) + ": expected a list");
        }
        if (value instanceof String text && !text.isEmpty()) {
            return Access.item(text, -1L, render);
        }
        List<Object> items = Values.iterate(value, render);
        return items.isEmpty() ? nothing("last") : items.get(items.size() - 1);
    }

    private static Undefined nothing(String which) {
        return new Undefined("No " + which + " item, sequence was empty.");
    }

    private static Object reverse(Object value, Arguments arguments, Render render) {
        arguments.bind("reverse", 0);
        if (value instanceof String text) {
            return new StringBuilder(text).reverse().toString(); // keeps surrogate pairs
        }
        List<Object> items = new ArrayList<>(Values.iterate(value, render));
        render.spend(items.size());
        Collections.reverse(items);
        boolean reversible = value instanceof List<?>
                || value instanceof Tuple
                || value instanceof Map<?, ?>
                || value instanceof View
                || value instanceof Values.Range
                || value instanceof Undefined;
        return reversible
                ? ListFilters.generator(items)
                : items; // Python's reversed(), or a list if the value does not support it
    }

    private static Object join(Object value, Arguments.Bound bound, Render render) {
        Object attribute = bound.get("attribute", None.NONE);
        AttributePath path = AttributePath.of(attribute, render);
        String glue = Text.str(bound.get("d", ""), render);
        BoundedText text = new BoundedText(render);
        String separator = "";
        for (Object item : Values.iterate(value, render)) {
            text.append(separator).append(Text.str(path.get(item, None.NONE), render));
            separator = glue;
        }
        return text.toString();
    }

    /** An attribute, but not a key of a dict. */
    private static Object attribute(Object value, String name) {
        Object attribute = Access.attributeOrNull(value, name);
        return attribute == null ? new Undefined(Values.typeName(value) + " has no '" + name + "'") : attribute;
    }

    private static Object absolute(Object value) {
        Number number = Values.numberOrNull(value);
        if (number == null) {
            throw new TemplateError("the filter abs is given " + Values.typeName(value) + ": expected a number");
        }
        return number instanceof Long whole
                ? (Object) (whole < 0 ? -whole : whole)
                : (Object) Math.abs(number.doubleValue());
    }
}
