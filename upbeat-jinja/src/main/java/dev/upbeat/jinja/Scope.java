package dev.upbeat.jinja;

import dev.upbeat.jinja.Values.Undefined;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The visible variables at a place in the template. Loops, macros and block assignments open a new scope, whose variables
 * end with it; an if does not.
 */
final class Scope {
    private final @Nullable Scope outer;
    private final Map<String, Object> variables = new HashMap<>();
    private final Render render;

    private Scope(@Nullable Scope outer, Render render) {
        this.outer = outer;
        this.render = render;
    }

    static Scope outermost(Render render) {
        return new Scope(null, render);
    }

    Scope inner() {
        return new Scope(this, render);
    }

    Render render() {
        return render;
    }

    void set(String name, Object value) {
        variables.put(name, value);
    }

    Object get(String name) {
        for (Scope scope = this; scope != null; scope = scope.outer) {
            Object value = scope.variables.get(name);
            if (value != null) {
                return value;
            }
        }
        return new Undefined("'" + name + "' is undefined");
    }
}
