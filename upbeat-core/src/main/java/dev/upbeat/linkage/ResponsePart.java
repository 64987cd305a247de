package dev.upbeat.linkage;

/**
 * A part of a response, by position. Early tokens have higher entropy and more later rows that can attend to them, so
 * position alone makes metrics correlate.
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

    /** First position of the part, inclusive: floor(T / 3) for the middle third of T tokens. */
    public int start(int length) {
        return from * length / 3;
    }

    /** End position of the part, exclusive. */
    public int end(int length) {
        return to * length / 3;
    }
}
