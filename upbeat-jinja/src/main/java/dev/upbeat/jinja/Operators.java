package dev.upbeat.jinja;

import dev.upbeat.jinja.Values.Tuple;
import dev.upbeat.jinja.Values.Undefined;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Python's operators. Ints have 64 bits; a larger result is an error. */
final class Operators {
    private static final long EXACT_IN_DOUBLE = 1L << 53;

    private Operators() {}

    static Object binary(String operator, Object a, Object b, Render render) {
        Number x = Values.numberOrNull(a);
        Number y = Values.numberOrNull(b);
        if (x != null && y != null) {
            try {
                return finite(arithmetic(operator, x, y), operator);
            } catch (ArithmeticException e) {
                throw new TemplateError("the result of " + a + " " + operator + " " + b + " is beyond 64 bits");
            }
        }
        if (operator.equals("+") && a instanceof String s && b instanceof String t) {
            return new BoundedText(render).append(s).append(t).toString();
        }
        if (operator.equals("+") && a instanceof List<?> && b instanceof List<?>) {
            return concatenation(Values.list(a), Values.list(b), render);
        }
        if (operator.equals("+") && a instanceof Tuple s && b instanceof Tuple t) {
            return new Tuple(concatenation(s.items(), t.items(), render));
        }
        if (operator.equals("%") && a instanceof String format) {
            return PercentFormat.format(format, b, render);
        }
        if (operator.equals("*") && y instanceof Long times && isRepeatable(a)) {
            return repeat(a, times, render);
        }
        if (operator.equals("*") && x instanceof Long times && isRepeatable(b)) {
            return repeat(b, times, render);
        }
        if (a instanceof Undefined || b instanceof Undefined) {
            throw new TemplateError(((Undefined) (a instanceof Undefined ? a : b)).why());
        }
        throw new TemplateError("cannot compute " + Values.typeName(a) + " " + operator + " " + Values.typeName(b));
    }

    static Object negate(Object value) {
        Number number = Values.numberOrNull(value);
        if (number == null) {
            throw new TemplateError("cannot negate " + Values.typeName(value));
        }
        return number instanceof Long integer ? (Object) (-integer) : (Object) (-number.doubleValue());
    }

    static boolean compare(String operator, Object a, Object b, Render render) {
        return switch (operator) {
            case "==" -> Equality.equal(a, b, render);
            case "!=" -> !Equality.equal(a, b, render);
            case "in" -> contains(b, a, render);
            case "not in" -> !contains(b, a, render);
            case "<" -> order(a, b, operator, render) < 0;
            case "<=" -> order(a, b, operator, render) <= 0;
            case ">" -> order(a, b, operator, render) > 0;
            case ">=" -> order(a, b, operator, render) >= 0;
            default -> throw new IllegalArgumentException(operator);
        };
    }

    static boolean contains(Object container, Object item, Render render) {
        if (container instanceof String text) {
            String part = Values.string(item, "what is looked for in a str");
            return new Strings.Finder(part).find(text, 0) >= 0;
        }
        if (container instanceof Map<?, ?> dict) {
            if (item instanceof List<?> || item instanceof Map<?, ?>) {
                throw new TemplateError(Values.typeName(item) + " cannot be a key of a dict");
            }
            return item instanceof String && dict.containsKey(item);
        }
        for (Object candidate : Values.iterate(container, render)) {
            if (Equality.equal(candidate, item, render)) {
                return true;
            }
        }
        return false;
    }

    /** Compares two values in Python's order; returns a negative number, zero or a positive one. */
    static int order(Object a, Object b, String operator, Render render) {
        render.enter();
        int order = ordered(a, b, operator, render);
        render.leave();
        return order;
    }

    private static int ordered(Object a, Object b, String operator, Render render) {
        Number x = Values.numberOrNull(a);
        Number y = Values.numberOrNull(b);
        if (x != null && y != null) {
            return Equality.compare(x, y);
        }
        if (a instanceof String s && b instanceof String t) {
            render.spendOnText(Math.min(s.length(), t.length()));
            return Strings.compare(s, t);
        }
        if ((a instanceof List<?> && b instanceof List<?>) || (a instanceof Tuple && b instanceof Tuple)) {
            List<Object> s = Values.iterate(a, render);
            List<Object> t = Values.iterate(b, render);
            for (int i = 0; i < Math.min(s.size(), t.size()); i++) {
                if (!Equality.equal(s.get(i), t.get(i), render)) {
                    return order(s.get(i), t.get(i), operator, render);
                }
            }
            return Integer.compare(s.size(), t.size());
        }
        Object undefined = a instanceof Undefined ? a : b;
        throw new TemplateError(
                undefined instanceof Undefined u
                        ? u.why()
                        : "cannot compare " + Values.typeName(a) + " " + operator + " " + Values.typeName(b));
    }

    private static Object arithmetic(String operator, Number a, Number b) {
        if (a instanceof Long x && b instanceof Long y) {
            return switch (operator) {
                case "+" -> Math.addExact(x, y);
                case "-" -> Math.subtractExact(x, y);
                case "*" -> Math.multiplyExact(x, y);
                case "//" -> y == -1 ? Math.negateExact(x) : Math.floorDiv(x, nonZero(y));
                case "%" -> Math.floorMod(x, nonZero(y));
                case "**" -> y < 0 ? (Object) Math.pow(nonZero(x), y) : (Object) power(x, y);
                default -> quotient(x, nonZero(y));
            };
        }
        double x = a.doubleValue();
        double y = b.doubleValue();
        return switch (operator) {
            case "+" -> x + y;
            case "-" -> x - y;
            case "*" -> x * y;
            case "/" -> x / nonZero(y);
            case "//" -> Math.floor(x / nonZero(y));
            case "%" -> floorMod(x, nonZero(y));
            default -> Math.pow(x, y);
        };
    }

    private static long nonZero(long divisor) {
        if (divisor == 0) {
            throw new TemplateError("a division by 0");
        }
        return divisor;
    }

    private static double nonZero(double divisor) {
        if (divisor == 0) {
            throw new TemplateError("a division by 0");
        }
        return divisor;
    }

    /** Python's remainder, which has the divisor's sign. */
    static double floorMod(double a, double b) {
        double rest = a % b;
        return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
    }

    private static double quotient(long a, long b) {
        if (Math.abs(a) > EXACT_IN_DOUBLE || Math.abs(b) > EXACT_IN_DOUBLE) {
            throw new TemplateError("the quotient of " + a + " and " + b + " is not supported: use //");
        }
        return (double) a / b;
    }

    private static long power(long base, long exponent) {
        if (base == 0 || Math.abs(base) == 1) { // the only bases whose powers never overflow
            return exponent == 0 ? 1 : exponent % 2 == 0 ? Math.abs(base) : base;
        }
        long power = 1;
        for (long i = 0; i < exponent; i++) {
            power = Math.multiplyExact(power, base);
        }
        return power;
    }

    private static Object finite(Object result, String operator) {
        if (result instanceof Double number && !Double.isFinite(number)) {
            throw new TemplateError("the result of " + operator + " is not a finite number");
        }
        return result;
    }

    private static boolean isRepeatable(Object value) {
        return value instanceof String || value instanceof List<?> || value instanceof Tuple;
    }

    private static List<Object> concatenation(List<Object> a, List<Object> b, Render render) {
        long length = (long) a.size() + b.size();
        Values.requireLength(length);
        render.spend(length);
        List<Object> all = new ArrayList<>(a);
        all.addAll(b);
        return all;
    }

    private static Object repeat(Object value, long times, Render render) {
        if (value instanceof String text) {
            return new BoundedText(render).append(text, times).toString();
        }
        List<Object> items = value instanceof Tuple tuple ? tuple.items() : Values.list(value);
        List<Object> repeated = new ArrayList<>();
        for (long i = 0; i < times && !items.isEmpty(); i++) {
            Values.requireLength((long) repeated.size() + items.size());
            render.spend(items.size());
            repeated.addAll(items);
        }
        return value instanceof Tuple ? new Tuple(repeated) : repeated;
    }
}
