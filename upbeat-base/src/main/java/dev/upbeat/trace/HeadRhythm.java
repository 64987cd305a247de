package dev.upbeat.trace;

/**
 * WAAD and FAI of one head over the T response positions of a trace.
 *
 * @param waad windowed average attention distance (Eq. 9) of this head's map, tokens in [0, W], [T]
 * @param fai future attention influence (Eq. 10) of this head's map, attention weight in [0, 1], [T]; NaN where
 *     undefined
 */
public record HeadRhythm(Head head, float[] waad, float[] fai) {
    public HeadRhythm {
        if (waad.length != fai.length) {
            throw new IllegalArgumentException(
                    head + ": series lengths differ: " + waad.length + " WAAD, " + fai.length + " FAI");
        }
    }
}
