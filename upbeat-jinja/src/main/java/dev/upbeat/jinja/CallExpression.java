package dev.upbeat.jinja;

import dev.upbeat.jinja.Expression.Attribute;
import dev.upbeat.jinja.Expression.Name;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A call: {@code callee(arguments)}. */
record CallExpression(Expression callee, CallArguments arguments) implements Expression {
    @Override
    public Object compute(Scope scope) {
        Object function = callee.eval(scope);
        return call(function, arguments.eval(scope), scope);
    }

    /** Calls with the block of a call tag as a further argument. */
    Object withCaller(Values.Function caller, Scope scope) {
        Object function = callee.eval(scope);
        Arguments given = arguments.eval(scope);
        Map<String, Object> named = new LinkedHashMap<>(given.named());
        named.put("caller", caller);
        return call(function, new Arguments(given.positional(), named), scope);
    }

    private Object call(Object function, Arguments given, Scope scope) {
        if (function instanceof Values.Function known) {
            return known.call(given, scope.render());
        }
        if (function instanceof Loop loop) {
            return loop.recursion().call(given, scope.render());
        }
        if (function instanceof Values.Undefined && callee instanceof Name name) {
            throw new TemplateError("the function " + name.name() + "() is not supported: expected a macro or one of "
                    + new TreeSet<>(Functions.GLOBAL.keySet()));
        }
        if (function instanceof Values.Undefined && callee instanceof Attribute method) {
            throw new TemplateError("the method " + method.name() + "() is not supported, or the value has none");
        }
        throw new TemplateError(Values.typeName(function) + " cannot be called");
    }

    /**
     * The expressions of a call's arguments.
     *
     * @param unpacked the list after {@code *}; null for none
     * @param unpackedNames the dict after {@code **}; null for none
     */
    record CallArguments(
            List<Expression> positional,
            Map<String, Expression> named,
            @Nullable Expression unpacked,
            @Nullable Expression unpackedNames) {
        Arguments eval(Scope scope) {
            Map<String, Object> values = new LinkedHashMap<>();
            List<Object> first = ExpressionParser.values(positional, scope);
            named.forEach((name, value) -> values.put(name, value.eval(scope)));
            if (unpacked != null) {
                first.addAll(Values.iterate(unpacked.eval(scope), scope.render()));
            }
            if (unpackedNames != null) {
                Object dict = unpackedNames.eval(scope);
                if (!(dict instanceof Map<?, ?>)) {
                    throw new TemplateError("'**' is given " + Values.typeName(dict) + ": expected a dict");
                }
                Values.dict(dict).forEach((name, value) -> {
                    if (values.put(name, value) != null) {
                        throw new TemplateError("the argument " + name + " is given twice");
                    }
                });
            }
            return new Arguments(first, values);
        }
    }
}
