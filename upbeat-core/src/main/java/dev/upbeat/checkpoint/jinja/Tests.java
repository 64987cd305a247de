package dev.upbeat.checkpoint.jinja;

import dev.upbeat.checkpoint.jinja.Values.None;
import dev.upbeat.checkpoint.jinja.Values.Tuple;
import dev.upbeat.checkpoint.jinja.Values.Undefined;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** {@code value is name(other)}, also by name in {@code selectattr} and its kin. */
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
            Map.entry("odd", value -> Math.floorMod(Values.integer(value, "what is tested for odd"), 2L) == 1),
            Map.entry("even", value -> Math.floorMod(Values.integer(value, "what is tested for even"), 2L) == 0));

    private static final Map<String, Test> OF_TWO = ofTwo();

    private Tests() {}

    static void requireKnown(String name) {
        if (!OF_ONE.containsKey(name) && !OF_TWO.containsKey(name)) {
            Set<String> names = new TreeSet<>(OF_ONE.keySet());
            names.addAll(OF_TWO.keySet());
            throw new TemplateError("the test '" + name + "' is not supported: expected one of " + names);
        }
    }

    static boolean test(String name, Object value, Arguments arguments, Render render) {
        List<Object> others = arguments.positionalOnly("the test " + name);
        Predicate<Object> ofOne = OF_ONE.get(name);
        Test ofTwo = OF_TWO.get(name);
        if (ofOne != null && others.isEmpty()) {
            return ofOne.test(value);
        }
        if (ofTwo != null && others.size() == 1) {
            return ofTwo.holds(value, others.get(0), render);
        }
        requireKnown(name);
        throw new TemplateError(
                "the test '" + name + "' has " + others.size() + " arguments: expected " + (ofOne == null ? 1 : 0));
    }

    /** By Python's rule, not by what a call would do: an undefined value and a loop have the method too. */
    private static boolean isCallable(Object value) {
        return value instanceof Values.Function || value instanceof Undefined || value instanceof Loop;
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
                "divisibleby", (value, other, render) -> Values.equal(Operators.binary("%", value, other), 0L, render));
        return tests;
    }
}
