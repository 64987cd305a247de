package dev.upbeat.jinja;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/** Python's {@code ==} and {@code hash()} of values, and the order of numbers. */
final class Equality {
    private Equality() {}

    static boolean equal(Object a, Object b, Render render) {
        return equal(a, b, render, 0);
    }

    private static boolean equal(Object a, Object b, Render render, int depth) {
        Values.requireShallow(depth);
        render.spend(1);
        Number x = Values.numberOrNull(a);
        Number y = Values.numberOrNull(b);
        if (x != null && y != null) {
            return compare(x, y) == 0;
        }
        if (a instanceof String s && b instanceof String t) {
            render.spendOnText(Math.min(s.length(), t.length()));
            return s.equals(t);
        }
        if (a instanceof Map<?, ?> m && b instanceof Map<?, ?> n) {
            return m.size() == n.size()
                    && Values.dict(a).entrySet().stream().allMatch(e -> {
                        Object other = Values.dict(b).get(e.getKey());
                        return other != null && equal(e.getValue(), other, render, depth + 1);
                    });
        }
        if (a instanceof Values.Undefined && b instanceof Values.Undefined) {
            return true;
        }
        if (a instanceof Values.View || b instanceof Values.View) {
            throw new TemplateError("comparing what keys(), values() or items() gives is not supported");
        }
        if ((a instanceof List<?> && b instanceof List<?>)
                || (a instanceof Values.Tuple && b instanceof Values.Tuple)
                || (a instanceof Values.Range && b instanceof Values.Range)) {
            List<Object> s = Values.iterate(a, render);
            List<Object> t = Values.iterate(b, render);
            for (int i = 0; i < s.size() && s.size() == t.size(); i++) {
                if (!equal(s.get(i), t.get(i), render, depth + 1)) {
                    return false;
                }
            }
            return s.size() == t.size();
        }
        return a == b;
    }

    /**
     * A value as a key of a hash table: equal values have equal keys.
     *
     * @throws TemplateError for a list or dict, which Python cannot hash
     */
    static Object hashKey(Object value, Render render) {
        render.enter();
        render.spend(3);
        Object key = hashKeyOf(value, render);
        render.leave();
        return key;
    }

    private static Object hashKeyOf(Object value, Render render) {
        if (value instanceof Double number && number == Math.rint(number) && Math.abs(number) < 1L << 53) {
            return number.longValue();
        }
        if (value instanceof Values.Tuple tuple) {
            return tuple.items().stream().map(item -> hashKey(item, render)).toList();
        }
        if (value instanceof List<?> || value instanceof Map<?, ?>) {
            throw new TemplateError(Values.typeName(value) + " cannot be hashed");
        }
        Number number = Values.numberOrNull(value);
        return number == null ? value : number;
    }

    /** Compares two finite numbers, exactly even if a double cannot hold an int. */
    static int compare(Number a, Number b) {
        return a instanceof Long x && b instanceof Long y ? x.compareTo(y) : exact(a).compareTo(exact(b));
    }

    private static BigDecimal exact(Number number) {
        return number instanceof Long integer ? BigDecimal.valueOf(integer) : new BigDecimal(number.doubleValue());
    }
}
