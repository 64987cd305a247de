package dev.upbeat.jinja;

import dev.upbeat.jinja.Values.None;
import dev.upbeat.jinja.Values.Tuple;
import dev.upbeat.jinja.Values.Undefined;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Tests: {@code value is name(other)}; {@code selectattr} and similar filters use them by name. */
final class Tests {
    private interface Test {
        boolean holds(Object value, Object other, Render render);
    }

    private static final Map<String, Predicate<Object>> OF_ONE = Map.ofEntries(
            Map.entry("defined", value -> !(value instanceof Undefined)),
            Map.entry("undefined", Undefined.class::isInstance),
            Map.entry("none", value -> value == None.NONE),
            Map.entry("boolean", Boolean.class::isInstance),
            Map.entry("true", Boolean.TRUE::equals),
            Map.entry("false", Boolean.FALSE::equals),
            Map.entry("integer", Long.class::isInstance),
            Map.entry("float", Double.class::isInstance),
            Map.entry("number", value -> Values.numberOrNull(value) != null),
            Map.entry("string", String.class::isInstance),
            Map.entry("mapping", Map.class::isInstance),
            Map.entry("sequence", Tests::isSequence),
            Map.entry("iterable", Values::isIterable),
            Map.entry("callable", Tests::isCallable),
            Map.entry("escaped", value -> false),
            Map.entry("odd", value -> rest(value) == 1),
            Map.entry("even", value -> rest(value) == 0));

    private static final Set<String> CASES = Set.of("lower", "upper");
    private static final Set<String> NAMES = Set.of("filter", "test");

    private static final Map<String, Test> OF_TWO = ofTwo();

    private Tests() {}

    private static boolean isKnown(Object name) {
        return name instanceof String
                && (CASES.contains(name)
                        || NAMES.contains(name)
                        || OF_ONE.containsKey(name)
                        || OF_TWO.containsKey(name));
    }

    /** Remainder of a division by 2. */
    private static double rest(Object value) {
        Number number = Values.numberOrNull(value);
        if (number == null) {
            throw new TemplateError(
                    "the tests odd and even are given " + Values.typeName(value) + ": expected a number");
        }
        return number instanceof Long whole ? Math.floorMod(whole, 2L) : Operators.floorMod(number.doubleValue(), 2);
    }

    private static void requireKnown(String name) {
        if (!isKnown(name)) {
            Set<String> names = new TreeSet<>(OF_ONE.keySet());
            names.addAll(OF_TWO.keySet());
            names.addAll(CASES);
            names.addAll(NAMES);
            throw new TemplateError("the test '" + name + "' is not supported: expected one of " + names);
        }
    }

    static boolean test(String name, Object value, Arguments arguments, Render render) {
        requireKnown(name);
        render.spendOn(value);
        render.spendOn(arguments);
        List<Object> others = arguments.positionalOnly("the test " + name);
        if (others.isEmpty() && CASES.contains(name)) {
            String text = Text.str(value, render);
            return name.equals("lower") ? Case.isLower(text) : Case.isUpper(text);
        }
        if (others.isEmpty() && NAMES.contains(name)) {
            Object key = Equality.hashKey(value, render);
            return name.equals("filter") ? Filters.isKnown(key) : isKnown(key);
        }
        Predicate<Object> ofOne = OF_ONE.get(name);
        Test ofTwo = OF_TWO.get(name);
        if (ofOne != null && others.isEmpty()) {
            return ofOne.test(value);
        }
        if (ofTwo != null && others.size() == 1) {
            return ofTwo.holds(value, others.get(0), render);
        }
        throw new TemplateError(
                "the test '" + name + "' has " + others.size() + " arguments: expected " + (ofOne == null ? 1 : 0));
    }

    /** Follows Python's {@code callable}: undefined values and loops have a call method, even if a call would fail. */
    private static boolean isCallable(Object value) {
        return value instanceof Values.Function || value instanceof Undefined || value instanceof Loop;
    }

    /**
     * Python's identity: true for the same object, and for equal texts, numbers and booleans, because Python often keeps
     * a single object for each value of these.
     */
    private static boolean isSame(Object a, Object b) {
        boolean plain = a instanceof String || a instanceof Number || a instanceof Boolean;
        return a == b || (plain && a.equals(b));
    }

    private static boolean isSequence(Object value) {
        return value instanceof String
                || value instanceof List<?>
                || value instanceof Map<?, ?>
                || value instanceof Tuple
                || value instanceof Values.Range
                || value instanceof Undefined;
    }

    private static Map<String, Test> ofTwo() {
        Map<String, Test> tests = new HashMap<>();
        Map<String, List<String>> namesOfOperators = Map.of(
                "==", List.of("==", "eq", "equalto"),
                "!=", List.of("!=", "ne"),
                "<", List.of("<", "lt", "lessthan"),
                "<=", List.of("<=", "le"),
                ">", List.of(">", "gt", "greaterthan"),
                ">=", List.of(">=", "ge"),
                "in", List.of("in"));
        namesOfOperators.forEach((operator, names) -> names.forEach(
                name -> tests.put(name, (value, other, render) -> Operators.compare(operator, value, other, render))));
        tests.put(
                "divisibleby",
                (value, other, render) -> Equality.equal(Operators.binary("%", value, other, render), 0L, render));
        tests.put("sameas", (value, other, render) -> isSame(value, other));
        return tests;
    }
}
