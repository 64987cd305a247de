package dev.upbeat.app.report;

/** Reduces a series to a few bytes, for the small chart in the list of traces. */
final class Sparkline {
    static final int BUCKETS = 72;
    /** A bucket without a defined value. */
    static final byte UNDEFINED = (byte) 255;

    private static final int TOP = 254;

    /** Range of a series, relative to its largest value, that is rounding and drawn as a level line. */
    private static final float ROUNDING = 1e-6f;

    private Sparkline() {}

    /**
     * Returns the extreme of each bucket, so that peaks stay visible, scaled to 0..254 over the range of the series.
     *
     * @param series [T]; NaN where undefined
     * @param lowest whether to show the low values (log-probs)
     * @return at most {@link #BUCKETS} bytes, unsigned
     */
    static byte[] of(float[] series, boolean lowest) {
        int buckets = Math.min(BUCKETS, series.length);
        float[] extremes = new float[buckets];
        float min = Float.POSITIVE_INFINITY;
        float max = Float.NEGATIVE_INFINITY;
        for (int b = 0; b < buckets; b++) {
            int from = (int) ((long) b * series.length / buckets);
            int to = (int) ((long) (b + 1) * series.length / buckets);
            extremes[b] = extreme(series, from, to, lowest);
            if (!Float.isNaN(extremes[b])) {
                min = Math.min(min, extremes[b]);
                max = Math.max(max, extremes[b]);
            }
        }
        boolean level = !(max - min > ROUNDING * Math.max(Math.abs(min), Math.abs(max)));
        byte[] line = new byte[buckets];
        for (int b = 0; b < buckets; b++) {
            line[b] = Float.isNaN(extremes[b])
                    ? UNDEFINED
                    : (byte) (level ? TOP / 2 : Math.round((extremes[b] - min) / (max - min) * TOP));
        }
        return line;
    }

    private static float extreme(float[] series, int from, int to, boolean lowest) {
        float extreme = Float.NaN;
        for (int i = from; i < to; i++) {
            float value = series[i];
            if (!Float.isNaN(value) && (Float.isNaN(extreme) || (lowest ? value < extreme : value > extreme))) {
                extreme = value;
            }
        }
        return extreme;
    }
}
