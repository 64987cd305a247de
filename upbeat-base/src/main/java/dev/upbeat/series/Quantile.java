package dev.upbeat.series;

/** Quantiles by linear interpolation between order statistics, as NumPy's default. */
public final class Quantile {
    private Quantile() {}

    /**
     * @param sorted ascending, at least one value
     * @param q in [0, 1]
     */
    public static double of(double[] sorted, double q) {
        double place = q * (sorted.length - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
