package dev.upbeat.jinja;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The arguments of a call: values by position, then by name. */
record Arguments(List<Object> positional, Map<String, Object> named) {
    /**
     * Binds the values to parameters.
     *
     * @param required number of parameters, from the first, that must be given
     */
    Bound bind(String function, int required, String... parameters) {
        if (positional.size() > parameters.length) {
            throw new TemplateError(
                    function + "() has " + positional.size() + " arguments: expected at most " + parameters.length);
        }
        Map<String, Object> values = new LinkedHashMap<>();
        for (int i = 0; i < positional.size(); i++) {
            values.put(parameters[i], positional.get(i));
        }
        named.forEach((name, value) -> {
            if (!List.of(parameters).contains(name)) {
                throw new TemplateError(
                        function + "() has the unknown argument " + name + ": expected " + List.of(parameters));
            }
            if (values.put(name, value) != null) {
                throw new TemplateError(function + "() has the argument " + name + " twice");
            }
        });
        for (String parameter : List.of(parameters).subList(0, required)) {
            if (!values.containsKey(parameter)) {
                throw new TemplateError(function + "() lacks its argument " + parameter);
            }
        }
        return new Bound(function, values);
    }

    List<Object> positionalOnly(String function) {
        if (!named.isEmpty()) {
            throw new TemplateError(function + "() takes no named arguments: " + named.keySet());
        }
        return positional;
    }

    /** Splits off the first argument. */
    Arguments withoutFirst() {
        return new Arguments(positional.subList(1, positional.size()), named);
    }

    /** Argument values by parameter name. */
    record Bound(String function, Map<String, Object> values) {
        @Nullable
        Object get(String parameter) {
            return values.get(parameter);
        }

        Object get(String parameter, Object whenAbsent) {
            return values.getOrDefault(parameter, whenAbsent);
        }

        Object required(String parameter) {
            return Objects.requireNonNull(values.get(parameter), parameter);
        }

        String string(String parameter) {
            return Values.string(required(parameter), "the argument " + parameter + " of " + function + "()");
        }

        /** Null if absent or None. */
        @Nullable
        String stringOrNull(String parameter) {
            Object value = values.get(parameter);
            return value == null || value == Values.None.NONE ? null : string(parameter);
        }

        long integer(String parameter, long whenAbsent) {
            Object value = values.get(parameter);
            return value == null
                    ? whenAbsent
                    : Values.integer(value, "the argument " + parameter + " of " + function + "()");
        }

        boolean flag(String parameter, boolean whenAbsent) {
            Object value = values.get(parameter);
            return value == null ? whenAbsent : Values.isTrue(value);
        }
    }
}
