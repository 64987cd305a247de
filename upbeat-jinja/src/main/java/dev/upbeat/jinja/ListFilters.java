package dev.upbeat.jinja;

import dev.upbeat.jinja.Values.None;
import dev.upbeat.jinja.Values.OneShot;
import dev.upbeat.jinja.Values.Tuple;
import dev.upbeat.jinja.Values.Undefined;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Filters that choose, order or group items. */
final class ListFilters {
    private static final String ATTRIBUTE = "attribute";
    private static final String SENSITIVE = "case_sensitive";

    private ListFilters() {}

    static void register(Map<String, Filters.Filter> filters) {
        filters.put("map", ListFilters::map);
        filters.put("select", (v, a, r) -> select(v, a, r, item -> item, true));
        filters.put("reject", (v, a, r) -> select(v, a, r, item -> item, false));
        filters.put("selectattr", (v, a, r) -> selectAttribute(v, a, r, true));
        filters.put("rejectattr", (v, a, r) -> selectAttribute(v, a, r, false));
        filters.put("sort", (v, a, r) -> sort(v, a.bind("sort", 0, "reverse", SENSITIVE, ATTRIBUTE), r));
        filters.put("dictsort", (v, a, r) -> dictSort(v, a.bind("dictsort", 0, SENSITIVE, "by", "reverse"), r));
        filters.put("unique", (v, a, r) -> unique(v, a.bind("unique", 0, SENSITIVE, ATTRIBUTE), r));
        filters.put("groupby", (v, a, r) -> groupBy(v, a.bind("groupby", 1, ATTRIBUTE, "default", SENSITIVE), r));
        filters.put("min", (v, a, r) -> extreme(v, a.bind("min", 0, SENSITIVE, ATTRIBUTE), r, 1));
        filters.put("max", (v, a, r) -> extreme(v, a.bind("max", 0, SENSITIVE, ATTRIBUTE), r, -1));
        filters.put("sum", (v, a, r) -> sum(v, a.bind("sum", 0, ATTRIBUTE, "start"), r));
        filters.put("batch", (v, a, r) -> batch(v, a.bind("batch", 1, "linecount", "fill_with"), r));
        filters.put("slice", (v, a, r) -> slice(v, a.bind("slice", 1, "slices", "fill_with"), r));
    }

    static OneShot generator(List<Object> items) {
        return new OneShot(items.iterator());
    }

    private static Object map(Object value, Arguments arguments, Render render) {
        List<Object> mapped = new ArrayList<>();
        if (arguments.positional().isEmpty()) {
            Arguments.Bound bound = arguments.bind("map", 0, ATTRIBUTE, "default");
            if (bound.get(ATTRIBUTE) == null) {
                throw new TemplateError("the filter map has neither the name of a filter nor an attribute");
            }
            AttributePath path = AttributePath.of(bound.required(ATTRIBUTE), render);
            Object whenUndefined = bound.get("default", None.NONE);
            for (Object item : Values.iterate(value, render)) {
                mapped.add(path.get(item, whenUndefined));
            }
        } else {
            String name = Values.string(arguments.positional().get(0), "the name of a filter in map");
            Arguments others = arguments.withoutFirst();
            for (Object item : Values.iterate(value, render)) {
                mapped.add(Filters.apply(name, item, others, render));
            }
        }
        render.spend(mapped.size());
        return generator(mapped);
    }

    private static Object selectAttribute(Object value, Arguments arguments, Render render, boolean wanted) {
        if (arguments.positional().isEmpty()) {
            throw new TemplateError("selectattr and rejectattr lack the name of an attribute");
        }
        AttributePath path = AttributePath.of(arguments.positional().get(0), render);
        return select(value, arguments.withoutFirst(), render, item -> path.get(item, None.NONE), wanted);
    }

    /** @param wanted result of the test for items to keep; without a test, the item itself is the condition */
    private static Object select(
            Object value, Arguments arguments, Render render, UnaryOperator<Object> key, boolean wanted) {
        Predicate<Object> test = Values::isTrue;
        if (!arguments.positional().isEmpty()) {
            String name = Values.string(arguments.positional().get(0), "the name of a test");
            Arguments others = arguments.withoutFirst();
            test = item -> Tests.test(name, item, others, render);
        }
        List<Object> selected = new ArrayList<>();
        for (Object item : Values.iterate(value, render)) {
            render.spend(1);
            if (test.test(key.apply(item)) == wanted) {
                selected.add(item);
            }
        }
        return generator(selected);
    }

    /** An item with its sort key. */
    private record Keyed(Object key, Object item) {}

    private static List<Object> sorted(List<Keyed> items, boolean reverse, Render render) {
        render.spend(2L * items.size());
        Comparator<Keyed> order = (a, b) -> Operators.order(a.key(), b.key(), "<", render);
        items.sort(reverse ? order.reversed() : order);
        List<Object> sorted = new ArrayList<>();
        items.forEach(item -> sorted.add(item.item()));
        return sorted;
    }

    private static Object sort(Object value, Arguments.Bound bound, Render render) {
        boolean sensitive = bound.flag(SENSITIVE, false);
        List<AttributePath> paths = AttributePath.several(bound.get(ATTRIBUTE, None.NONE), render);
        List<Keyed> items = new ArrayList<>();
        for (Object item : Values.iterate(value, render)) {
            items.add(new Keyed(AttributePath.key(paths, item, sensitive), item));
        }
        return sorted(items, bound.flag("reverse", false), render);
    }

    private static Object dictSort(Object value, Arguments.Bound bound, Render render) {
        if (!(value instanceof Map<?, ?>)) {
            throw new TemplateError("the filter dictsort is given " + Values.typeName(value) + ": expected a dict");
        }
        String by = bound.get("by") == null ? "key" : bound.string("by");
        if (!by.equals("key") && !by.equals("value")) {
            throw new TemplateError("dictsort sorts by key or value: given another by");
        }
        List<Keyed> items = new ArrayList<>();
        for (Object pair : Methods.items(Values.dict(value), render)) {
            Object key = ((Tuple) pair).items().get(by.equals("key") ? 0 : 1);
            items.add(new Keyed(AttributePath.key(key, bound.flag(SENSITIVE, false), render), pair));
        }
        return sorted(items, bound.flag("reverse", false), render);
    }

    private static Object unique(Object value, Arguments.Bound bound, Render render) {
        AttributePath path = AttributePath.of(bound.get(ATTRIBUTE, None.NONE), render);
        Set<Object> seen = new HashSet<>();
        List<Object> unique = new ArrayList<>();
        for (Object item : Values.iterate(value, render)) {
            if (seen.add(Equality.hashKey(path.key(item, bound.flag(SENSITIVE, false)), render))) {
                unique.add(item);
            }
        }
        return generator(unique);
    }

    private static Object groupBy(Object value, Arguments.Bound bound, Render render) {
        AttributePath path = AttributePath.of(bound.required(ATTRIBUTE), render);
        Object whenUndefined = bound.get("default", None.NONE);
        boolean sensitive = bound.flag(SENSITIVE, false);
        List<Keyed> items = new ArrayList<>();
        for (Object item : Values.iterate(value, render)) {
            items.add(new Keyed(AttributePath.key(path.get(item, whenUndefined), sensitive, render), item));
        }
        sorted(items, false, render);
        List<Object> groups = new ArrayList<>();
        List<Object> group = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            if (i == 0 || !Equality.equal(items.get(i).key(), items.get(i - 1).key(), render)) {
                group = new ArrayList<>();
                Object name = path.get(items.get(i).item(), whenUndefined);
                groups.add(new Tuple(List.of(name, group), List.of("grouper", "list")));
            }
            group.add(items.get(i).item());
        }
        return groups;
    }

    /** @param sign 1 for the least, -1 for the greatest */
    private static Object extreme(Object value, Arguments.Bound bound, Render render, int sign) {
        AttributePath path = AttributePath.of(bound.get(ATTRIBUTE, None.NONE), render);
        boolean sensitive = bound.flag(SENSITIVE, false);
        Object best = new Undefined("No aggregated item, sequence was empty.");
        Object bestKey = null;
        for (Object item : Values.iterate(value, render)) {
            Object key = path.key(item, sensitive);
            if (bestKey == null || sign * Operators.order(key, bestKey, "<", render) < 0) {
                best = item;
                bestKey = key;
            }
        }
        return best;
    }

    private static Object sum(Object value, Arguments.Bound bound, Render render) {
        AttributePath path = AttributePath.of(bound.get(ATTRIBUTE, None.NONE), render);
        Object sum = bound.get("start", 0L);
        if (sum instanceof String) {
            throw new TemplateError("the filter sum does not add texts: use join");
        }
        for (Object item : Values.iterate(value, render)) {
            sum = Operators.binary("+", sum, path.get(item, None.NONE), render);
        }
        return sum;
    }

    private static Object batch(Object value, Arguments.Bound bound, Render render) {
        long size = bound.integer("linecount", 0);
        Object fill = bound.get("fill_with", None.NONE);
        List<Object> batches = new ArrayList<>();
        List<Object> batch = new ArrayList<>();
        for (Object item : Values.iterate(value, render)) {
            render.spend(2);
            if (batch.size() == size) {
                batches.add(batch);
                batch = new ArrayList<>();
            }
            batch.add(item);
        }
        if (!batch.isEmpty()) {
            pad(batch, fill, size, render);
            batches.add(batch);
        }
        return generator(batches);
    }

    private static void pad(List<Object> items, Object fill, long size, Render render) {
        if (fill != None.NONE && items.size() < size) {
            Values.requireLength(size);
            render.spend(size - items.size());
            while (items.size() < size) {
                items.add(fill);
            }
        }
    }

    private static Object slice(Object value, Arguments.Bound bound, Render render) {
        long slices = bound.integer("slices", 0);
        if (slices == 0) {
            throw new TemplateError("the filter slice makes 0 slices: expected at least 1");
        }
        Object fill = bound.get("fill_with", None.NONE);
        List<Object> items = new ArrayList<>(Values.iterate(value, render));
        render.spend(items.size() + Math.max(0, slices));
        Values.requireLength(slices);
        List<Object> all = new ArrayList<>();
        int start = 0;
        for (long i = 0; i < slices; i++) {
            boolean larger = i < items.size() % slices;
            int end = start + (int) (items.size() / slices) + (larger ? 1 : 0);
            List<Object> slice = new ArrayList<>(items.subList(start, end));
            if (fill != None.NONE && !larger) {
                slice.add(fill);
            }
            all.add(slice);
            start = end;
        }
        return generator(all);
    }
}
