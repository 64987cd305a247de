package dev.upbeat.task.zebra;

import java.util.function.IntPredicate;

/**
 * Kinds of clues: about a value and a house (the first two), or about two values. Whether a clue holds depends on one
 * difference alone: the house of the second value (or the named house) minus the house of the first.
 */
enum ClueKind {
    FOUND_AT("%s is in the %s house", 12, d -> d == 0),
    NOT_AT("%s is not in the %s house", 40, d -> d != 0),
    SAME_HOUSE("%s is %s", 40, d -> d == 0),
    UNLINKED("%s is not %s", 4, d -> d != 0),
    DIRECTLY_LEFT("%s is directly left of %s", 8, d -> d == 1),
    DIRECTLY_RIGHT("%s is directly right of %s", 2, d -> d == -1),
    SOMEWHERE_LEFT("%s is somewhere to the left of %s", 10, d -> d > 0),
    SOMEWHERE_RIGHT("%s is somewhere to the right of %s", 10, d -> d < 0),
    NEXT_TO("%s and %s are next to each other", 5, d -> Math.abs(d) == 1),
    ONE_BETWEEN("There is one house between %s and %s", 3, d -> Math.abs(d) == 2),
    TWO_BETWEEN("There are two houses between %s and %s", 2, d -> Math.abs(d) == 3);

    private final String form;
    private final int weight;
    private final IntPredicate difference;

    ClueKind(String form, int weight, IntPredicate difference) {
        this.form = form;
        this.weight = weight;
        this.difference = difference;
    }

    /** The sentence without its period, with {@code %s} for each value or house. */
    String form() {
        return form;
    }

    /** Relative frequency of drawing, chosen so that the remaining clues have the kinds about as often as published puzzles. */
    int weight() {
        return weight;
    }

    /** Whether it is about a value and a house. */
    boolean namesHouse() {
        return this == FOUND_AT || this == NOT_AT;
    }

    boolean holds(int difference) {
        return this.difference.test(difference);
    }
}
