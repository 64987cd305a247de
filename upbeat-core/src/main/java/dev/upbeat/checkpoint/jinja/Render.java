package dev.upbeat.checkpoint.jinja;

import java.time.LocalDateTime;

/**
 * One rendering: the bounds that no template may pass, and the time it is for. The work counted is one for each
 * expression and statement and one for each 16 characters or list items of a value; it bounds memory too, since each
 * value that is made counts.
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

    /** The line of the statement under way. */
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
}
