package dev.upbeat.jinja;

import java.util.List;

/** A part of a template that has a value. */
interface Expression {
    /** Computes the value. Callers use {@link #eval}, which also counts the work. */
    Object compute(Scope scope);

    default Object eval(Scope scope) {
        Render render = scope.render();
        render.enter();
        Object value = compute(scope);
        render.leave(); // not needed after an error, which ends the rendering
        if (value instanceof String text) {
            render.spendOnText(text.length());
        } else if (value instanceof List<?> list) {
            render.spendOnText(list.size());
        }
        return value;
    }

    /** A literal. */
    record Constant(Object value) implements Expression {
        @Override
        public Object compute(Scope scope) {
            return value;
        }
    }

    /** A variable or a global function; a variable hides a function of the same name. */
    record Name(String name) implements Expression {
        @Override
        public Object compute(Scope scope) {
            Object value = scope.get(name);
            Values.Function global = value instanceof Values.Undefined ? Functions.GLOBAL.get(name) : null;
            return global == null ? value : global;
        }
    }

    /** {@code target.name} */
    record Attribute(Expression target, String name) implements Expression {
        @Override
        public Object compute(Scope scope) {
            return Access.attribute(target.eval(scope), name);
        }
    }
}
