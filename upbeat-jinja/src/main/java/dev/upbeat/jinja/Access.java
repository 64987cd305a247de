package dev.upbeat.jinja;

import dev.upbeat.jinja.Values.Namespace;
import dev.upbeat.jinja.Values.None;
import dev.upbeat.jinja.Values.OneShot;
import dev.upbeat.jinja.Values.Range;
import dev.upbeat.jinja.Values.Tuple;
import dev.upbeat.jinja.Values.Undefined;
import dev.upbeat.jinja.Values.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code value.name}, {@code value[index]} and {@code value[start:stop:step]}, resolved as in jinja2's sandbox: a name is
 * first a method and then a key, an index first a key and then a method; a missing one is undefined.
 */
final class Access {
    private Access() {}

    static Object attribute(Object value, String name) {
        requireDefined(value);
        Object attribute = attributeOrNull(value, name);
        if (attribute == null && value instanceof Map<?, ?>) {
            attribute = Values.dict(value).get(name);
        }
        return attribute == null ? missing(value, name) : attribute;
    }

    static Object item(Object value, Object index, Render render) {
        requireDefined(value);
        if (value instanceof String text) {
            render.spendOnText(text.length()); // code points are counted from the start
        }
        if (index instanceof String name) {
            Object item = value instanceof Map<?, ?> ? Values.dict(value).get(name) : null;
            if (item == null) {
                item = attributeOrNull(value, name);
            }
            return item == null ? missing(value, name) : item;
        }
        Integer length = Values.lengthOrNull(value);
        boolean isSequence =
                value instanceof String || value instanceof List<?> || value instanceof Tuple || value instanceof Range;
        if (!isSequence || length == null || !(Values.numberOrNull(index) instanceof Long i)) {
            return missing(value, Values.typeName(index));
        }
        long at = i < 0 ? i + length : i;
        if (at < 0 || at >= length) {
            return missing(value, String.valueOf(i));
        }
        if (value instanceof String text) {
            int start = text.offsetByCodePoints(0, (int) at);
            return text.substring(start, text.offsetByCodePoints(start, 1));
        }
        return value instanceof Range range
                ? range.start() + at * range.step()
                : Values.iterate(value, render).get((int) at);
    }

    /**
     * Returns a slice. Each bound is an int or None. A value that cannot be sliced is an error, whereas an invalid
     * index gives undefined.
     */
    static Object slice(Object value, Object start, Object stop, Object step, Render render) {
        requireDefined(value);
        if (value instanceof String text) {
            return slice(text, start, stop, step, render);
        }
        if (value instanceof Range range) {
            return slice(range, start, stop, step);
        }
        if (value instanceof List<?> || value instanceof Tuple) {
            List<Object> all = Values.iterate(value, render);
            Bounds bounds = bounds(all.size(), start, stop, step);
            List<Object> items = new ArrayList<>();
            for (long i = bounds.from(); bounds.goesOn(i); i += bounds.by()) {
                render.spend(1);
                items.add(all.get((int) i));
            }
            return value instanceof Tuple ? new Tuple(items) : items;
        }
        throw new TemplateError("a slice of " + Values.typeName(value) + " is not supported");
    }

    private static String slice(String text, Object start, Object stop, Object step, Render render) {
        render.spendOnText(2 * text.length());
        Bounds bounds = bounds(Strings.length(text), start, stop, step);
        if (bounds.by() == 1) {
            if (bounds.from() >= bounds.to()) {
                return "";
            }
            int from = text.offsetByCodePoints(0, (int) bounds.from());
            return text.substring(from, text.offsetByCodePoints(from, (int) (bounds.to() - bounds.from())));
        }
        int[] characters = text.codePoints().toArray();
        StringBuilder slice = new StringBuilder();
        for (long i = bounds.from(); bounds.goesOn(i); i += bounds.by()) {
            slice.appendCodePoint(characters[(int) i]);
        }
        return slice.toString();
    }

    private static Range slice(Range range, Object start, Object stop, Object step) {
        Bounds bounds = bounds(range.length(), start, stop, step);
        long by = bounds.by();
        long count = Math.max(0, (bounds.to() - bounds.from() + by - Long.signum(by)) / by);
        return new Range(
                range.start() + bounds.from() * range.step(),
                range.start() + bounds.to() * range.step(),
                by * range.step(),
                (int) count);
    }

    /** Indices from {@code from} in steps of {@code by} to {@code to}, exclusive. */
    private record Bounds(long from, long to, long by) {
        boolean goesOn(long i) {
            return by > 0 ? i < to : i > to;
        }
    }

    private static Bounds bounds(int length, Object start, Object stop, Object step) {
        long given = isAll(step) ? 1 : Values.integer(step, "the step of a slice");
        if (given == 0) {
            throw new TemplateError("the step of a slice is 0");
        }
        long by = Math.max(-length - 1, Math.min(length + 1, given)); // the same slice, without overflow
        int first = by > 0 ? 0 : -1; // Python's bounds of an index: 0..n forward, -1..n-1 backward
        int last = by > 0 ? length : length - 1;
        long from = isAll(start) ? by > 0 ? first : last : bound(start, length, first, last);
        long to = isAll(stop) ? by > 0 ? last : first : bound(stop, length, first, last);
        return new Bounds(from, to, by);
    }

    private static long bound(Object bound, int length, int first, int last) {
        long index = Values.integer(bound, "a bound of a slice");
        return Math.max(first, Math.min(last, index < 0 ? index + length : index));
    }

    private static boolean isAll(Object bound) {
        return bound == None.NONE;
    }

    private static void requireDefined(Object value) {
        if (value instanceof Undefined undefined) {
            throw new TemplateError(undefined.why());
        }
    }

    /** Null if the value has no such attribute; keys of a dict are not attributes. */
    static @Nullable Object attributeOrNull(Object value, String name) {
        if (value instanceof Namespace namespace) {
            return namespace.attributes().get(name);
        }
        if (value instanceof Loop loop) {
            return loop.attribute(name);
        }
        if (value instanceof Functions.Cycler cycler) {
            return cycler.attribute(name);
        }
        if (value instanceof Tuple tuple && tuple.names().contains(name)) {
            return tuple.items().get(tuple.names().indexOf(name));
        }
        if (value instanceof View
                || value instanceof OneShot
                || value instanceof Range
                || value instanceof Values.Function) {
            throw new TemplateError("the attribute " + name + " of " + Values.typeName(value) + " is not supported");
        }
        return Methods.of(value, name);
    }

    private static Undefined missing(Object value, String name) {
        return new Undefined(Values.typeName(value) + " has no '" + name + "'");
    }
}
