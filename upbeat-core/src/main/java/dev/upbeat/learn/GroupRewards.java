package dev.upbeat.learn;

/**
 * Mean and standard deviation (n - 1) of a group's rewards. Sums run over the distances from the first reward, so that a large
 * constant in all rewards costs no precision. Rewards whose squares would overflow are scaled by a power of two.
 */
public final class GroupRewards {
    /** Largest exponent whose squares are safe from overflow. */
    private static final int LARGEST_EXPONENT = 500;

    private final double[] distances; // from the first, scaled, [G]
    private final int exponent; // of the scale
    private final double mean; // of the distances
    private final double deviation; // scaled
    private final boolean flat;

    private GroupRewards(double[] rewards, int start, int group) {
        double largest = 0;
        boolean equal = true;
        for (int i = start; i < start + group; i++) {
            largest = Math.max(largest, Math.abs(rewards[i]));
            equal &= rewards[i] == rewards[start];
        }
        flat = equal;
        exponent = Math.getExponent(largest) > LARGEST_EXPONENT ? Math.getExponent(largest) + 1 : 0;
        double first = Math.scalb(rewards[start], -exponent);
        distances = new double[group];
        double sum = 0;
        for (int i = 0; i < group; i++) {
            distances[i] = Math.scalb(rewards[start + i], -exponent) - first;
            sum += distances[i];
        }
        mean = sum / group;
        double squares = 0;
        for (double distance : distances) {
            squares += (distance - mean) * (distance - mean);
        }
        deviation = Math.sqrt(squares / (group - 1));
    }

    /**
     * @param rewards finite, those to one prompt side by side, [P G]
     * @param start of the group
     * @param group G, at least 2
     */
    public static GroupRewards of(double[] rewards, int start, int group) {
        return new GroupRewards(rewards, start, group);
    }

    /** Whether all are equal. */
    public boolean flat() {
        return flat;
    }

    /** Standard deviation with n - 1; infinite where it is larger than a double can be. */
    public double deviation() {
        return Math.scalb(deviation, exponent);
    }

    /**
     * {@code (r_i - mean) / (std + epsilon)}, exactly 0 where all are equal.
     *
     * @param i place in the group
     */
    double advantage(int i, double epsilon) {
        return flat ? 0 : (distances[i] - mean) / (deviation + Math.scalb(epsilon, -exponent));
    }
}
