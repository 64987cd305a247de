package dev.upbeat.jinja;

import dev.upbeat.jinja.Values.Tuple;
import java.time.LocalDateTime;
import java.util.Collection;
import java.util.Map;

/**
 * One rendering: the limits of a template, and its time. Work is one for each expression, statement and call, one for each
 * 16 characters that a function reads or writes, and one for each item of a new list; the limit of work bounds memory too,
 * because each new value counts.
 */
final class Render {
    private static final long MOST_WORK = 10_000_000;
    private static final int DEEPEST = 400; // holds in half of the default stack

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

    /** Counts a value that a function reads as a whole. */
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

    /** Counts the arguments of a function. */
    void spendOn(Arguments arguments) {
        spend(1);
        arguments.positional().forEach(this::spendOn);
        arguments.named().values().forEach(this::spendOn);
    }
}
