package dev.upbeat.train;

import dev.upbeat.credit.CreditMetrics;
import dev.upbeat.learn.GroupRewards;
import dev.upbeat.learn.RolloutMismatch;
import dev.upbeat.learn.UpdateStats;
import dev.upbeat.learn.Updater;
import dev.upbeat.trace.Rollouts;
import dev.upbeat.trace.Step;
import dev.upbeat.trace.Update;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A step's line of metrics.jsonl; docs/metrics.md defines each number. */
final class StepMetrics {
    /** Name of the share of groups whose rewards are all equal. */
    static final String FLAT_SHARE = "frac_reward_zero_std";

    /** Name of the share of responses that were cut off. */
    static final String CLIPPED_SHARE = "completions/clipped_ratio";

    private StepMetrics() {}

    static Map<String, Object> of(Step step, List<Update> updates, Updater.Result updated, double stepSeconds) {
        Rollouts rollouts = step.trainingRollouts();
        UpdateStats update = updated.stats();
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("step", step.number());
        putRewards(line, rollouts.group(), step.trainingScores().rewards());
        line.put("loss", update.loss());
        line.put("kl", update.kl());
        line.put("entropy", entropy(step));
        line.put("entropy_all", surprise(rollouts));
        line.put("grad_norm", update.gradientNorm());
        line.put("learning_rate", update.learningRate());
        line.put("clip_ratio/low_mean", update.clipLowMean());
        line.put("clip_ratio/high_mean", update.clipHighMean());
        line.put("clip_ratio/region_mean", update.clipRegionMean());
        line.put("completions/mean_length", (double) rollouts.tokens() / rollouts.size());
        line.put(CLIPPED_SHARE, share(rollouts.truncated()));
        line.put("completions/observed_share", observedShare(step));
        putMismatch(line, updated);
        line.putAll(CreditMetrics.of(step, updates));
        line.put("time/rollout_s", rollouts.seconds());
        line.put("time/observe_s", step.observed().seconds());
        line.put("time/metrics_s", step.observed().rhythmSeconds());
        line.put("time/update_s", updated.seconds());
        line.put("time/step_s", stepSeconds);
        line.put("tokens_per_s", rollouts.tokens() / stepSeconds);
        return line;
    }

    /** Mean reward, mean over groups of the standard deviation (n - 1), share of groups whose standard deviation is 0. */
    private static void putRewards(Map<String, Object> line, int group, double[] rewards) {
        int groups = rewards.length / group;
        double[] deviations = new double[groups];
        int flat = 0;
        for (int g = 0; g < groups; g++) {
            GroupRewards of = GroupRewards.of(rewards, g * group, group);
            deviations[g] = of.deviation();
            flat += of.allEqual() ? 1 : 0;
        }
        line.put("reward", mean(rewards));
        line.put("reward_std", mean(deviations));
        line.put(FLAT_SHARE, (double) flat / groups);
    }

    private static double mean(double[] values) {
        double mean = Arrays.stream(values).sum() / values.length;
        return Double.isFinite(mean)
                ? mean
                : Arrays.stream(values).map(value -> value / values.length).sum(); // their sum overflows
    }

    /** Mean over the tokens of the observed responses, nats; NaN if there are none. */
    private static double entropy(Step step) {
        double sum = 0;
        long tokens = 0;
        for (int i = 0; i < step.size(); i++) {
            if (step.isObserved(i)) {
                for (float entropy : step.observation(i).entropyNats()) {
                    sum += entropy;
                }
                tokens += step.length(i);
            }
        }
        return sum / tokens;
    }

    /**
     * Mean of -log p over the tokens of all responses, as drawn, nats: an unbiased estimate of their mean entropy, because
     * the expectation of a token's -log p is its entropy.
     */
    private static double surprise(Rollouts rollouts) {
        double sum = 0;
        for (float[] logProbs : rollouts.logProbs()) {
            for (float logProb : logProbs) {
                sum -= logProb;
            }
        }
        return sum / rollouts.tokens();
    }

    private static double observedShare(Step step) {
        long observed = IntStream.range(0, step.size()).filter(step::isObserved).count();
        return (double) observed / step.size();
    }

    /** The disagreement of rollout and learner over the tokens of the observed responses. */
    private static void putMismatch(Map<String, Object> line, Updater.Result updated) {
        RolloutMismatch mismatch = updated.mismatch();
        line.put("sampling/sampling_logp_difference/mean", mismatch.meanDifference());
        line.put("sampling/sampling_logp_difference/max", mismatch.largestDifference());
        if (updated.drawnByOthers()) {
            line.put("rollout/logprob_diff_mean", mismatch.meanDifference());
            line.put("rollout/logprob_diff_max", mismatch.largestDifference());
            line.put("rollout/effective_share", mismatch.effectiveShare());
        }
    }

    private static double share(boolean[] values) {
        int count = 0;
        for (boolean value : values) {
            count += value ? 1 : 0;
        }
        return (double) count / values.length;
    }
}
