package dev.upbeat.jinja;

import dev.upbeat.jinja.Values.Undefined;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The variable {@code loop} inside a for. */
final class Loop {
    private final List<Object> items;
    private int index0;
    private @Nullable List<Object> lastChanged;

    private final int depth;
    private final Values.@Nullable Function recursion;

    /**
     * @param depth of recursion, from 1
     * @param recursion function that {@code loop(items)} calls; null in a loop that is not recursive
     */
    Loop(List<Object> items, int depth, Values.@Nullable Function recursion) {
        this.items = items;
        this.depth = depth;
        this.recursion = recursion;
    }

    Values.Function recursion() {
        if (recursion == null) {
            throw new TemplateError("loop() is called in a loop that is not recursive: add 'recursive' to the for tag");
        }
        return recursion;
    }

    void moveTo(int newIndex0) {
        index0 = newIndex0;
    }

    int length() {
        return items.size();
    }

    /** Null for a name that loop does not have. */
    @Nullable
    Object attribute(String name) {
        long left = (long) items.size() - index0;
        return switch (name) {
            case "index" -> index0 + 1L;
            case "index0" -> (long) index0;
            case "revindex" -> left;
            case "revindex0" -> left - 1;
            case "first" -> index0 == 0;
            case "last" -> left == 1;
            case "length" -> (long) items.size();
            case "depth" -> (long) depth;
            case "depth0" -> depth - 1L;
            case "previtem" -> index0 == 0 ? new Undefined("there is no previous item") : items.get(index0 - 1);
            case "nextitem" -> left == 1 ? new Undefined("there is no next item") : items.get(index0 + 1);
            case "cycle" -> (Values.Function) (arguments, render) -> cycle(arguments);
            case "changed" -> (Values.Function) this::changed;
            default -> null;
        };
    }

    private Object cycle(Arguments arguments) {
        List<Object> values = arguments.positionalOnly("loop.cycle");
        if (values.isEmpty()) {
            throw new TemplateError("loop.cycle() has no values to choose from");
        }
        return values.get(index0 % values.size());
    }

    private Object changed(Arguments arguments, Render render) {
        List<Object> values = arguments.positionalOnly("loop.changed");
        boolean changed = lastChanged == null || !Equality.equal(values, lastChanged, render);
        lastChanged = values;
        return changed;
    }
}
