package dev.upbeat.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values of a template, as Java objects: {@code String}, {@code Boolean}, {@code Long}, {@code Double}, {@code List}
 * and {@code Map} (with string keys) for Python's str, bool, int, float, list and dict, and the types below.
 */
final class Values {
    static final int LARGEST_LIST = 1 << 20;
    private static final int DEEPEST = 100;

    private Values() {}

    /** Python's None. */
    enum None {
        NONE
    }

    /**
     * Value of a missing variable or attribute: empty when printed, false as a condition, an error in most other uses.
     *
     * @param why the message of that error
     */
    record Undefined(String why) {}

    /** @param names names of the items as attributes, such as those of a group; usually empty */
    record Tuple(List<Object> items, List<String> names) {
        Tuple(List<Object> items) {
            this(items, List.of());
        }
    }

    /** Result of a dict's keys(), values() and items(): has a length, but no indices. */
    record View(String kind, List<Object> items) {}

    /** Python's generator: can be iterated over once. */
    record OneShot(Iterator<Object> rest) {}

    /** Python's range. */
    record Range(long start, long stop, long step, int length) {
        List<Object> items() {
            List<Object> items = new ArrayList<>(length);
            for (int i = 0; i < length; i++) {
                items.add(start + i * step);
            }
            return items;
        }
    }

    /** Result of {@code namespace()}: attributes that a template may set from an inner scope. */
    record Namespace(Map<String, Object> attributes) {
        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /** A macro, a global function, or a method with the value it belongs to. */
    interface Function {
        Object call(Arguments arguments, Render render);
    }

    /**
     * Converts a variable from the caller to a template value. Each value in it counts as work, because a list may hold
     * the same list twice, and that one another: few objects would then be copied to very many.
     */
    static Object of(@Nullable Object value, Render render) {
        return of(value, render, 0);
    }

    private static Object of(@Nullable Object value, Render render, int depth) {
        requireShallow(depth);
        render.spend(1);
        if (value == null) {
            return None.NONE;
        }
        if (value instanceof String || value instanceof Boolean || value instanceof Long) {
            return value;
        }
        if (value instanceof Double number && Double.isFinite(number)) {
            return number;
        }
        if (value instanceof Integer number) {
            return number.longValue();
        }
        if (value instanceof List<?> list) {
            List<Object> items = new ArrayList<>(list.size());
            list.forEach(item -> items.add(of(item, render, depth + 1)));
            return items;
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> dict = new LinkedHashMap<>();
            map.forEach((key, item) -> dict.put(key(key), of(item, render, depth + 1)));
            return dict;
        }
        throw new TemplateError("a variable holds " + value + " ("
                + value.getClass().getSimpleName() + "): expected strings, finite numbers, booleans, lists and maps");
    }

    private static String key(@Nullable Object key) {
        if (key instanceof String text) {
            return text;
        }
        throw new TemplateError("a variable holds a map with the key " + key + "; expected strings as keys");
    }

    static void requireShallow(int depth) {
        if (depth > DEEPEST) {
            throw new TemplateError("a value is nested more than " + DEEPEST + " deep");
        }
    }

    @SuppressWarnings("unchecked") // lists of templates hold nothing but values
    static List<Object> list(Object list) {
        return (List<Object>) list;
    }

    @SuppressWarnings("unchecked") // as above, and keys are strings
    static Map<String, Object> dict(Object dict) {
        return (Map<String, Object>) dict;
    }

    static boolean isTrue(Object value) {
        if (value instanceof Boolean bool) {
            return bool;
        }
        if (value instanceof Long number) {
            return number != 0;
        }
        if (value instanceof Double number) {
            return number != 0;
        }
        if (value instanceof String text) {
            return !text.isEmpty();
        }
        Integer length = lengthOrNull(value);
        return length == null ? value != None.NONE : length > 0;
    }

    /** Python's len(), null for a value without one. */
    static @Nullable Integer lengthOrNull(Object value) {
        if (value instanceof String text) {
            return Strings.length(text);
        }
        if (value instanceof Map<?, ?> dict) {
            return dict.size();
        }
        if (value instanceof Range range) {
            return range.length();
        }
        if (value instanceof Undefined) {
            return 0;
        }
        if (value instanceof Loop loop) {
            return loop.length();
        }
        List<Object> items = itemsOrNull(value);
        return items == null ? null : items.size();
    }

    /** The items of a list, tuple or view. */
    private static @Nullable List<Object> itemsOrNull(Object value) {
        if (value instanceof List<?>) {
            return list(value);
        }
        if (value instanceof Tuple tuple) {
            return tuple.items();
        }
        return value instanceof View view ? view.items() : null;
    }

    static boolean isIterable(Object value) {
        return value instanceof OneShot || lengthOrNull(value) != null;
    }

    /** The items of a loop over the value. For a generator they are the remaining ones, which are then used up. */
    static List<Object> iterate(Object value, Render render) {
        if (value instanceof String text) {
            requireLength(text.length());
            render.spend(text.length());
            return Strings.characters(text);
        }
        if (value instanceof Map<?, ?> dict) {
            render.spend(dict.size());
            return new ArrayList<>(dict.keySet());
        }
        if (value instanceof Range range) {
            render.spend(range.length());
            return range.items();
        }
        if (value instanceof Undefined) {
            return List.of();
        }
        if (value instanceof OneShot generator) {
            List<Object> items = new ArrayList<>();
            generator.rest().forEachRemaining(items::add);
            render.spend(items.size());
            return items;
        }
        List<Object> items = itemsOrNull(value);
        if (items != null) {
            render.spendOnText(items.size());
        }
        if (items == null) {
            throw new TemplateError(typeName(value) + " cannot be iterated over");
        }
        return items;
    }

    static void requireLength(long items) {
        if (items > LARGEST_LIST) {
            throw new TemplateError("a list grows beyond " + LARGEST_LIST + " items");
        }
    }

    /** Bool, int or float as a number; null for anything else. */
    static @Nullable Number numberOrNull(Object value) {
        if (value instanceof Boolean bool) {
            return bool ? 1L : 0L;
        }
        return value instanceof Number number ? number : null;
    }

    /** An int, as an index or a count. */
    static long integer(Object value, String what) {
        Number number = numberOrNull(value);
        if (number instanceof Long integer) {
            return integer;
        }
        throw new TemplateError(what + " is " + typeName(value) + ": expected an int");
    }

    static String string(Object value, String what) {
        if (value instanceof String text) {
            return text;
        }
        throw new TemplateError(what + " is " + typeName(value) + ": expected a str");
    }

    /** Python's name of the type, for messages. */
    static String typeName(Object value) {
        if (value instanceof Undefined undefined) {
            return "undefined (" + undefined.why() + ")";
        }
        if (value == None.NONE) {
            return "None";
        }
        if (value instanceof String) {
            return "a str";
        }
        if (value instanceof Boolean) {
            return "a bool";
        }
        if (value instanceof Number) {
            return value instanceof Long ? "an int" : "a float";
        }
        if (value instanceof List<?>) {
            return "a list";
        }
        if (value instanceof Map<?, ?>) {
            return "a dict";
        }
        if (value instanceof OneShot) {
            return "a generator";
        }
        if (value instanceof Function) {
            return "a function";
        }
        return "a " + value.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }
}
