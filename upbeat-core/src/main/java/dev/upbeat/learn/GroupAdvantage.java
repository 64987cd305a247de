package dev.upbeat.learn;

/**
 * Group-relative advantages (GRPO, arXiv 2402.03300; arXiv 2510.13554, Eq. 6): {@code A_i = (r_i - mean) / (std + 1e-6)}
 * within the responses to one prompt. The paper does not say whether std divides by n - 1, as TRL and verl do, or by n.
 */
public final class GroupAdvantage {
    private static final double EPSILON = 1e-6;

    /** Divisor of the squares in std. */
    public enum Deviation {
        /** n - 1. */
        SAMPLE,
        /** n. */
        POPULATION
    }

    private GroupAdvantage() {}

    /**
     * Computes the advantages.
     *
     * @param rewards rewards of the responses, those to one prompt consecutive, [B]
     * @param group G, responses per prompt, at least 2
     * @return [B]; exactly 0 in a group of equal rewards
     */
    public static float[] of(double[] rewards, int group, Deviation deviation) {
        if (group < 2 || rewards.length % group != 0) {
            throw new IllegalArgumentException(
                    rewards.length + " rewards in groups of " + group + ": expected whole groups of at least 2");
        }
        float[] advantages = new float[rewards.length];
        for (int start = 0; start < rewards.length; start += group) {
            GroupRewards rewarded = GroupRewards.of(rewards, start, group);
            for (int i = 0; i < group; i++) {
                advantages[start + i] =
                        (float) rewarded.advantage(i, EPSILON, deviation == Deviation.SAMPLE ? group - 1 : group);
            }
        }
        return advantages;
    }
}
