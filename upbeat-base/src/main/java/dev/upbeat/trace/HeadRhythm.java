package dev.upbeat.trace;

/**
 * One head's own series over the T response positions of a trace: what the series of a group are means of.
 *
 * @param waad windowed average attention distance (Eq. 9) of this head's map, tokens in [0, W], [T]
 * @param fai future attention influence (Eq. 10) of this head's map, attention weight in [0, 1], [T]; NaN where undefined
 */
public record HeadRhythm(Head head, float[] waad, float[] fai) {
    public HeadRhythm {
        if (waad.length != fai.length) {
            throw new IllegalArgumentException(
                    head + ": series lengths differ: " + waad.length + " WAAD, " + fai.length + " FAI");
        }
    }
}
