package dev.upbeat.credit;

/** Sign of the advantages to which credit applies. */
enum Sign {
    BOTH,
    POSITIVE,
    NEGATIVE;

    boolean includes(float advantage) {
        return switch (this) {
            case BOTH -> true;
            case POSITIVE -> advantage > 0;
            case NEGATIVE -> advantage < 0;
        };
    }
}
