package dev.upbeat.stats;

/** Quantiles of what was drawn. */
public final class Quantiles {
    private Quantiles() {}

    /**
     * The quantile by linear interpolation between order statistics, as NumPy's default.
     *
     * @param sorted ascending, at least one value
     * @param q 0 to 1
     */
    public static double of(double[] sorted, double q) {
        double place = q * (sorted.length - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }

    /** The 2.5th and the 97.5th percentile. */
    public static Interval central95(double[] sorted) {
        return new Interval(of(sorted, 0.025), of(sorted, 0.975));
    }
}
