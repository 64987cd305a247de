package dev.upbeat.train.config;

import java.math.BigDecimal;

/**
 * The range of a key's numbers.
 *
 * @param low lower bound
 * @param lowOpen whether {@code low} itself is excluded
 * @param high largest number; infinite for no limit
 */
public record Range(double low, boolean lowOpen, double high) {
    public static Range atLeast(double low) {
        return new Range(low, false, Double.POSITIVE_INFINITY);
    }

    public static Range above(double low) {
        return new Range(low, true, Double.POSITIVE_INFINITY);
    }

    public static Range between(double low, double high) {
        return new Range(low, false, high);
    }

    /** Above 0, at most 1. */
    public static Range share() {
        return new Range(0, true, 1);
    }

    public boolean contains(double value) {
        return (lowOpen ? value > low : value >= low) && value <= high && !Double.isInfinite(value);
    }

    @Override
    public String toString() {
        String start = (lowOpen ? "above " : "at least ") + plain(low);
        return Double.isInfinite(high) ? start : start + " and at most " + plain(high);
    }

    private static String plain(double value) {
        return new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString();
    }
}
