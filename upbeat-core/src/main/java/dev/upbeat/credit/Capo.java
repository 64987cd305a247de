package dev.upbeat.credit;

import dev.upbeat.io.BadInputException;
import dev.upbeat.trace.Observation;
import dev.upbeat.trace.Step;
import dev.upbeat.trace.Update;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * CAPO (arXiv 2508.02298): a token's reward is C if the answer is right (else 0), minus P if a judge calls its step
 * wrong. Its advantage is (reward - mean) / (std + 1e-6), with mean and std over all tokens of the group. It may be
 * nonzero in a group of equal rewards. Choices:
 *
 * <ol>
 *   <li>The std divides by n - 1. The advantages are 0 if all token rewards are equal.
 *   <li>A response without a judgement has no advantages and no part in the group's mean and deviation.
 *   <li>Whether the answer is right decides C; other parts of the reward, such as a format reward, do not count.
 * </ol>
 *
 * @param outcomeReward C
 * @param stepPenalty P
 */
record Capo(Vote vote, double outcomeReward, double stepPenalty) implements Credit {
    private static final double EPSILON = 1e-6; // as in the advantages of responses

    /** How the critiques decide that a step is wrong. */
    enum Vote {
        /** All critiques say so. */
        INTERSECTION,
        /** More than half of them say so. */
        MAJORITY,
        /** The penalty is multiplied by the share that says so. */
        AVERAGE;

        /**
         * The factor of the penalty.
         *
         * @param share of the critiques that call the step wrong
         */
        double of(double share) {
            return switch (this) {
                case INTERSECTION -> share >= 1 ? 1 : 0;
                case MAJORITY -> share > 0.5 ? 1 : 0;
                case AVERAGE -> share;
            };
        }
    }

    @Override
    public Set<String> needs() {
        return Set.of(Observation.STEP_WRONG);
    }

    @Override
    public boolean needsAllResponses() {
        return true;
    }

    @Override
    public List<Update> apply(Step step) {
        double[][] rewards = new double[step.size()][];
        for (int i = 0; i < rewards.length; i++) {
            rewards[i] = rewards(step, i);
        }
        double[][] advantages = new double[step.size()][];
        int group = step.trainingRollouts().group();
        for (int start = 0; start < rewards.length; start += group) {
            normalize(rewards, advantages, start, start + group);
        }
        return List.of(new Update(advantages, null, metrics(step)));
    }

    /** The reward of each token, [T]; NaN for a response without a judgement. */
    private double[] rewards(Step step, int i) {
        double outcome = step.trainingScores().verdicts().get(i).correct() ? outcomeReward : 0;
        float[] wrong = wrong(step, i);
        double[] rewards = new double[wrong.length];
        for (int t = 0; t < rewards.length; t++) {
            rewards[t] = Float.isNaN(wrong[t]) ? Double.NaN : outcome - stepPenalty * vote.of(wrong[t]);
        }
        return rewards;
    }

    private static float[] wrong(Step step, int i) {
        float[] wrong = step.observation(i).series(Observation.STEP_WRONG);
        if (wrong == null) {
            throw new BadInputException("credit: trace " + step.ids().get(i) + " has no series "
                    + Observation.STEP_WRONG + "; expected the judgements of a judge");
        }
        return wrong;
    }

    private static void normalize(double[][] rewards, double[][] advantages, int from, int to) {
        double[] pooled = Arrays.stream(rewards, from, to)
                .flatMapToDouble(Arrays::stream)
                .filter(reward -> !Double.isNaN(reward))
                .toArray();
        double mean = Arrays.stream(pooled).average().orElse(0);
        double squares = Arrays.stream(pooled)
                .map(reward -> (reward - mean) * (reward - mean))
                .sum();
        double deviation = Math.sqrt(squares / Math.max(1, pooled.length - 1));
        boolean allEqual = Arrays.stream(pooled).distinct().count() <= 1;
        for (int i = from; i < to; i++) {
            advantages[i] = new double[rewards[i].length];
            for (int t = 0; t < rewards[i].length; t++) {
                boolean counts = !allEqual && !Double.isNaN(rewards[i][t]);
                advantages[i][t] = counts ? (rewards[i][t] - mean) / (deviation + EPSILON) : 0;
            }
        }
    }

    private Map<String, Double> metrics(Step step) {
        double factors = 0;
        long tokens = 0;
        int unjudged = 0;
        for (int i = 0; i < step.size(); i++) {
            float[] wrong = wrong(step, i);
            boolean judged = true;
            for (float share : wrong) {
                judged &= !Float.isNaN(share);
                factors += Float.isNaN(share) ? 0 : vote.of(share);
                tokens += Float.isNaN(share) ? 0 : 1;
            }
            unjudged += judged ? 0 : 1;
        }
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("credit/wrong_share", factors / tokens);
        metrics.put("credit/unjudged_share", (double) unjudged / step.size());
        return metrics;
    }
}
