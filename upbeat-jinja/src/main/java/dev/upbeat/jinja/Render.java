package dev.upbeat.jinja;

import dev.upbeat.jinja.Values.Tuple;
import java.time.LocalDateTime;
import java.util.Collection;
import java.util.Map;

/**
 * State of one rendering: its limits, and the current time. A unit of work is counted for each expression, statement
 * and call, for each 16 characters that a function reads or writes, and for each item of a new list. The limit of work
 * bounds memory too, because each new value counts.
 */
final class Render {
    private static final long MOST_WORK = 10_000_000;
    private static final int DEEPEST = 400; // fits in half of the default stack

    private final LocalDateTime now;
    private long work;
    private int depth;
    private int line = 1;

    Render(LocalDateTime now) {
        this.now = now;
    }

    LocalDateTime now() {
        return now;
    }

    /** The line of the current statement. */
    int line() {
        return line;
    }

    void at(int newLine) {
        line = newLine;
    }

    void enter() {
        spend(1);
        if (++depth > DEEPEST) {
            throw new TemplateError("expressions and macros are nested more than " + DEEPEST + " deep");
        }
    }

    void leave() {
        depth--;
    }

    void spend(long units) {
        work += units;
        if (work > MOST_WORK) {
            throw new TemplateError("rendering takes more than " + MOST_WORK + " steps");
        }
    }

    void spendOnText(int characters) {
        spend(characters / 16);
    }

    /** Counts the work of reading a whole value. */
    void spendOn(Object value) {
        if (value instanceof String text) {
            spendOnText(text.length());
        } else if (value instanceof Collection<?> items) {
            spendOnText(items.size());
        } else if (value instanceof Tuple tuple) {
            spendOnText(tuple.items().size());
        } else if (value instanceof Map<?, ?> dict) {
            spendOnText(dict.size());
        }
    }

    /** Counts the work of reading the arguments of a function. */
    void spendOn(Arguments arguments) {
        spend(1);
        arguments.positional().forEach(this::spendOn);
        arguments.named().values().forEach(this::spendOn);
    }
}
