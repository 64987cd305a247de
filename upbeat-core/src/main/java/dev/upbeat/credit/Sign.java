package dev.upbeat.credit;

/** Which responses credit is for, by their advantage. */
enum Sign {
    BOTH,
    POSITIVE,
    NEGATIVE;

    boolean holds(float advantage) {
        return switch (this) {
            case BOTH -> true;
            case POSITIVE -> advantage > 0;
            case NEGATIVE -> advantage < 0;
        };
    }
}
