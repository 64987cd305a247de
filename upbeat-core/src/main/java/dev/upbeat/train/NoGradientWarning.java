package dev.upbeat.train;

import java.util.Map;

/**
 * Warns when rewards give no gradient: if the rewards of every group are equal, all advantages are 0. The first such step is
 * reported at once, later ones at most every {@value #PAUSE_STEPS} steps.
 */
final class NoGradientWarning {
    static final int PAUSE_STEPS = 25;

    private final TrainingListener listener;
    private long warnedAt = Long.MIN_VALUE;
    private long flatSince; // steps without a gradient since the last warning

    NoGradientWarning(TrainingListener listener) {
        this.listener = listener;
    }

    /** @param metrics the step's line of metrics.jsonl */
    void step(long number, Map<String, ?> metrics) {
        if (value(metrics, StepMetrics.FLAT_SHARE) < 1) {
            return;
        }
        flatSince++;
        boolean first = warnedAt == Long.MIN_VALUE;
        if (!first && number - warnedAt < PAUSE_STEPS) {
            return;
        }
        String steps = first
                ? "step " + number + ": all groups have"
                : flatSince + " of the last " + (number - warnedAt) + " steps, up to step " + number
                        + ": all groups had";
        listener.warn(steps + " equal rewards (" + StepMetrics.FLAT_SHARE + " 1), which gives no gradient."
                + remedy(value(metrics, StepMetrics.CLIPPED_SHARE)));
        warnedAt = number;
        flatSince = 0;
    }

    private static String remedy(double clipped) {
        String longer = clipped < 0.5
                ? ""
                : " " + Math.round(100 * clipped) + " % of its responses were cut off: raise rollout.max_new_tokens.";
        return longer
                + " More responses per prompt (rollout.group), easier problems, a higher rollout.temperature or a reward"
                + " with more than two values help (docs/metrics.md, Steps without a gradient).";
    }

    private static double value(Map<String, ?> metrics, String name) {
        return metrics.get(name) instanceof Double value ? value : Double.NaN;
    }
}
