package dev.upbeat.learn;

/**
 * Mean and standard deviation of the rewards of a group. Sums are over differences to the first
 * reward, so a large constant in all rewards costs no precision. Rewards whose squares would overflow are scaled by a
 * power of two.
 */
public final class GroupRewards {
    /** Largest exponent of a reward whose square cannot overflow. */
    private static final int LARGEST_EXPONENT = 500;

    private final double[] distances; // from the first, scaled, [G]
    private final int exponent; // of the scale
    private final double mean; // of the distances
    private final double squares; // sum of squared differences to the mean, scaled
    private final boolean allEqual;

    private GroupRewards(double[] rewards, int start, int group) {
        double largest = 0;
        boolean equal = true;
        for (int i = start; i < start + group; i++) {
            largest = Math.max(largest, Math.abs(rewards[i]));
            equal &= rewards[i] == rewards[start];
        }
        allEqual = equal;
        exponent = Math.getExponent(largest) > LARGEST_EXPONENT ? Math.getExponent(largest) + 1 : 0;
        double first = Math.scalb(rewards[start], -exponent);
        distances = new double[group];
        double sum = 0;
        for (int i = 0; i < group; i++) {
            distances[i] = Math.scalb(rewards[start + i], -exponent) - first;
            sum += distances[i];
        }
        mean = sum / group;
        double sumOfSquares = 0;
        for (double distance : distances) {
            sumOfSquares += (distance - mean) * (distance - mean);
        }
        squares = sumOfSquares;
    }

    /**
     * @param rewards finite, those to one prompt consecutive, [B]
     * @param start index of the first reward of the group
     * @param group G, at least 2
     */
    public static GroupRewards of(double[] rewards, int start, int group) {
        return new GroupRewards(rewards, start, group);
    }

    /** Whether all rewards are equal. */
    public boolean allEqual() {
        return allEqual;
    }

    /** Standard deviation, divided by n - 1; infinite if it exceeds the range of double. */
    public double deviation() {
        return Math.scalb(Math.sqrt(squares / (distances.length - 1)), exponent);
    }

    /**
     * {@code (r_i - mean) / (std + epsilon)}, exactly 0 if all rewards are equal.
     *
     * @param i index in the group
     * @param divisor of the squares in std: n - 1 or n
     */
    double advantage(int i, double epsilon, int divisor) {
        return allEqual ? 0 : (distances[i] - mean) / (Math.sqrt(squares / divisor) + Math.scalb(epsilon, -exponent));
    }
}
