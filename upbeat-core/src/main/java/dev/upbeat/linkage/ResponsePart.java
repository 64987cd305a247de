package dev.upbeat.linkage;

/**
 * A part of a response, by position. Early tokens are more uncertain and have more rows to be looked at from, so position
 * alone ties metrics to each other.
 */
public enum ResponsePart {
    WHOLE(0, 3),
    FIRST_THIRD(0, 1),
    MIDDLE_THIRD(1, 2),
    LAST_THIRD(2, 3);

    private final int from;
    private final int to;

    ResponsePart(int from, int to) {
        this.from = from;
        this.to = to;
    }

    /** Its first position in a response of T tokens: floor(T / 3) for the middle third. */
    public int start(int length) {
        return from * length / 3;
    }

    /** The position after its last. */
    public int end(int length) {
        return to * length / 3;
    }
}
