package dev.upbeat.series;

/** Shares of a whole, read as decimals: ceil(q * n) (docs/method.md, section 2). */
public final class Shares {
    /**
     * 0.3 * 10 is a little above 3 in binary and would round up to 4; what a person writes as 0.3 means the decimal.
     */
    private static final double DECIMAL_SLACK = 1e-9;

    private Shares() {}

    /**
     * ceil(q * n - 1e-9).
     *
     * @param q share in (0, 1]
     * @param n size of the whole, n >= 0
     * @return how many of n the share is: 0 only where n is 0 or q * n is at most 1e-9
     */
    public static int count(double q, int n) {
        if (!(q > 0 && q <= 1) || n < 0) {
            throw new IllegalArgumentException("share " + q + " of " + n + ": needs 0 < share <= 1 of n >= 0");
        }
        return (int) Math.ceil(q * n - DECIMAL_SLACK);
    }
}
