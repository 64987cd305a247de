package dev.upbeat.stats;

/**
 * Running peak of a series, as in Figures 4 to 8 of the paper (arXiv 2510.13554):
 * {@code E_t = a max(x_t, E_{t-1}) + (1 - a) E_{t-1}}. It never falls.
 */
public final class RunningPeak {
    /** Default of a; the paper states no value. */
    public static final double SHARE = 0.1;

    private RunningPeak() {}

    /**
     * The running peak over the defined values, starting at the first of them.
     *
     * @param values NaN where undefined, [n]
     * @param share a, above 0 and at most 1
     * @return NaN where the value is, [n]
     */
    public static double[] of(double[] values, double share) {
        double[] peaks = new double[values.length];
        double peak = Double.NaN;
        for (int t = 0; t < values.length; t++) {
            if (!Double.isNaN(values[t])) {
                peak = Double.isNaN(peak) ? values[t] : share * Math.max(values[t], peak) + (1 - share) * peak;
            }
            peaks[t] = Double.isNaN(values[t]) ? Double.NaN : peak;
        }
        return peaks;
    }
}
