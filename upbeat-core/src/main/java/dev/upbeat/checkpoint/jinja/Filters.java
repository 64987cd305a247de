package dev.upbeat.checkpoint.jinja;

import dev.upbeat.checkpoint.jinja.Values.None;
import dev.upbeat.checkpoint.jinja.Values.OneShot;
import dev.upbeat.checkpoint.jinja.Values.Tuple;
import dev.upbeat.checkpoint.jinja.Values.Undefined;
import dev.upbeat.checkpoint.jinja.Values.View;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** {@code value | name(...)}: jinja2's filters, and transformers' tojson. */
final class Filters {
    private interface Filter {
        Object apply(Object value, Arguments arguments, Render render);
    }

    private static final Map<String, Filter> BY_NAME = Map.ofEntries(
            Map.entry(
                    "trim",
                    (v, a, r) -> Strings.strip(
                            Text.str(v), a.bind("trim", 0, "chars").stringOrNull("chars"), true, true)),
            Map.entry("upper", (v, a, r) -> ofText("upper", v, a, s -> s.toUpperCase(Locale.ROOT))),
            Map.entry("lower", (v, a, r) -> ofText("lower", v, a, s -> s.toLowerCase(Locale.ROOT))),
            Map.entry("capitalize", (v, a, r) -> ofText("capitalize", v, a, Strings::capitalize)),
            Map.entry("string", (v, a, r) -> ofText("string", v, a, s -> s)),
            Map.entry("replace", (v, a, r) -> replace(v, a.bind("replace", 2, "old", "new", "count"))),
            Map.entry("length", (v, a, r) -> length(v, a)),
            Map.entry("count", (v, a, r) -> length(v, a)),
            Map.entry("default", (v, a, r) -> orElse(v, a)),
            Map.entry("d", (v, a, r) -> orElse(v, a)),
            Map.entry("list", (v, a, r) -> {
                a.bind("list", 0);
                return new ArrayList<>(Values.iterate(v));
            }),
            Map.entry("items", (v, a, r) -> items(v, a)),
            Map.entry("first", (v, a, r) -> first(v, a)),
            Map.entry("last", (v, a, r) -> last(v, a)),
            Map.entry("reverse", (v, a, r) -> reverse(v, a)),
            Map.entry("join", (v, a, r) -> join(v, a.bind("join", 0, "d", "attribute"))),
            Map.entry("map", Filters::map),
            Map.entry("select", (v, a, r) -> select(v, a, r, item -> item, true)),
            Map.entry("reject", (v, a, r) -> select(v, a, r, item -> item, false)),
            Map.entry("selectattr", (v, a, r) -> selectAttribute(v, a, r, true)),
            Map.entry("rejectattr", (v, a, r) -> selectAttribute(v, a, r, false)),
            Map.entry(
                    "tojson",
                    (v, a, r) ->
                            Json.filter(v, a.bind("tojson", 0, "ensure_ascii", "indent", "separators", "sort_keys"))));

    private Filters() {}

    static void requireKnown(String name) {
        filter(name);
    }

    static Object apply(String name, Object value, Arguments arguments, Render render) {
        return filter(name).apply(value, arguments, render);
    }

    private static Filter filter(String name) {
        Filter filter = BY_NAME.get(name);
        if (filter == null) {
            throw new TemplateError(
                    "the filter '" + name + "' is not supported: expected one of " + new TreeSet<>(BY_NAME.keySet()));
        }
        return filter;
    }

    private static Object ofText(String name, Object value, Arguments arguments, UnaryOperator<String> function) {
        arguments.bind(name, 0);
        return function.apply(Text.str(value));
    }

    private static Object replace(Object value, Arguments.Bound bound) {
        Object count = bound.get("count", None.NONE);
        return Strings.replace(
                Text.str(value),
                Text.str(bound.required("old")),
                Text.str(bound.required("new")),
                count == None.NONE ? -1 : bound.integer("count", -1));
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

    private static Object items(Object value, Arguments arguments) {
        arguments.bind("items", 0);
        if (value instanceof Undefined) {
            return generator(List.of());
        }
        if (value instanceof Map<?, ?>) {
            return generator(Methods.items(Values.dict(value)));
        }
        throw new TemplateError("the filter items is given " + Values.typeName(value) + ": expected a dict");
    }

    private static Object first(Object value, Arguments arguments) {
        arguments.bind("first", 0);
        if (value instanceof OneShot generator) {
            return generator.rest().hasNext() ? generator.rest().next() : nothing("first");
        }
        List<Object> items = Values.iterate(value);
        return items.isEmpty() ? nothing("first") : items.get(0);
    }

    private static Object last(Object value, Arguments arguments) {
        arguments.bind("last", 0);
        if (value instanceof OneShot || value instanceof Undefined) {
            throw new TemplateError("the filter last is given " + Values.typeName(value) + ": expected a list");
        }
        List<Object> items = Values.iterate(value);
        return items.isEmpty() ? nothing("last") : items.get(items.size() - 1);
    }

    private static Undefined nothing(String which) {
        return new Undefined("No " + which + " item, sequence was empty.");
    }

    private static Object reverse(Object value, Arguments arguments) {
        arguments.bind("reverse", 0);
        List<Object> items = new ArrayList<>(Values.iterate(value));
        Collections.reverse(items);
        if (value instanceof String) {
            BoundedText text = new BoundedText();
            items.forEach(c -> text.append((String) c));
            return text.toString();
        }
        boolean reversible = value instanceof List<?>
                || value instanceof Tuple
                || value instanceof Map<?, ?>
                || value instanceof View
                || value instanceof Values.Range
                || value instanceof Undefined;
        return reversible ? generator(items) : items; // Python's reversed(), or a list where that does not work
    }

    private static Object join(Object value, Arguments.Bound bound) {
        Object attribute = bound.get("attribute", None.NONE);
        String glue = Text.str(bound.get("d", ""));
        BoundedText text = new BoundedText();
        String separator = "";
        for (Object item : Values.iterate(value)) {
            Object part = attribute == None.NONE ? item : attribute(item, attribute, None.NONE);
            text.append(separator).append(Text.str(part));
            separator = glue;
        }
        return text.toString();
    }

    private static Object map(Object value, Arguments arguments, Render render) {
        List<Object> mapped = new ArrayList<>();
        if (arguments.positional().isEmpty()) {
            Arguments.Bound bound = arguments.bind("map", 0, "attribute", "default");
            if (bound.get("attribute") == null) {
                throw new TemplateError("the filter map has neither the name of a filter nor an attribute");
            }
            for (Object item : Values.iterate(value)) {
                mapped.add(attribute(item, bound.required("attribute"), bound.get("default", None.NONE)));
            }
        } else {
            String name = Values.string(arguments.positional().get(0), "the name of a filter in map");
            requireKnown(name);
            for (Object item : Values.iterate(value)) {
                mapped.add(apply(name, item, arguments.withoutFirst(), render));
            }
        }
        return generator(mapped);
    }

    private static Object selectAttribute(Object value, Arguments arguments, Render render, boolean wanted) {
        if (arguments.positional().isEmpty()) {
            throw new TemplateError("selectattr and rejectattr lack the name of an attribute");
        }
        Object name = arguments.positional().get(0);
        return select(value, arguments.withoutFirst(), render, item -> attribute(item, name, None.NONE), wanted);
    }

    /** @param wanted what the test must give for an item to stay; without a test the item itself is the condition */
    private static Object select(
            Object value, Arguments arguments, Render render, UnaryOperator<Object> key, boolean wanted) {
        Predicate<Object> test = Values::isTrue;
        if (!arguments.positional().isEmpty()) {
            String name = Values.string(arguments.positional().get(0), "the name of a test");
            Arguments others = arguments.withoutFirst();
            Tests.requireKnown(name);
            test = item -> Tests.test(name, item, others, render);
        }
        List<Object> selected = new ArrayList<>();
        for (Object item : Values.iterate(value)) {
            if (test.test(key.apply(item)) == wanted) {
                selected.add(item);
            }
        }
        return generator(selected);
    }

    /** @param path names or indices with dots between; where one is undefined the default stands in, unless it is None */
    private static Object attribute(Object item, Object path, Object whenUndefined) {
        Object value = item;
        for (Object part : path instanceof String names ? Strings.split(names, ".", -1) : List.of(path)) {
            Object index =
                    part instanceof String name && name.matches("[0-9]{1,9}") ? (Object) Long.valueOf(name) : part;
            value = Access.item(value, index);
            if (value instanceof Undefined && whenUndefined != None.NONE) {
                value = whenUndefined;
            }
        }
        return value;
    }

    private static OneShot generator(List<Object> items) {
        return new OneShot(items.iterator());
    }
}
