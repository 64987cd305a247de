package dev.upbeat.series;

/** Shares of n items, ceil(q * n) with q as an exact decimal (docs/method.md, section 2). */
public final class Shares {
    /**
     * Subtracted because a product such as 0.3 * 10 can be slightly above its decimal value in binary, and would be
     * rounded up.
     */
    private static final double DECIMAL_SLACK = 1e-9;

    private Shares() {}

    /**
     * Number of items, ceil(q * n - 1e-9).
     *
     * @param q share in (0, 1]
     * @param n number of all items, n >= 0
     * @return 0 only if q * n is at most 1e-9
     */
    public static int count(double q, int n) {
        if (!(q > 0 && q <= 1) || n < 0) {
            throw new IllegalArgumentException("share " + q + " of " + n + ": needs 0 < share <= 1 of n >= 0");
        }
        return (int) Math.ceil(q * n - DECIMAL_SLACK);
    }
}
