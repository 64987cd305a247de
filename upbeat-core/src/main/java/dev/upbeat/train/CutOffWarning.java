package dev.upbeat.train;

import java.util.Map;

/**
 * Warns once when at least half of a step's responses are cut off: most of them have no answer yet, so their rewards
 * say little about the reasoning.
 */
final class CutOffWarning {
    private static final double LARGE_SHARE = 0.5;

    private final TrainingListener listener;
    private final int longest;
    private boolean warned;

    /** @param longest rollout.max_new_tokens */
    CutOffWarning(TrainingListener listener, int longest) {
        this.listener = listener;
        this.longest = longest;
    }

    /** @param metrics the step's line of metrics.jsonl */
    void step(long number, Map<String, ?> metrics) {
        boolean flat = Double.valueOf(1).equals(metrics.get(StepMetrics.FLAT_SHARE)); // NoGradientWarning says the same
        if (!warned
                && !flat
                && metrics.get(StepMetrics.CLIPPED_SHARE) instanceof Double share
                && share >= LARGE_SHARE) {
            warned = true;
            listener.warn("step " + number + ": " + Math.round(100 * share) + " % of the responses were cut off at "
                    + longest + " tokens (" + StepMetrics.CLIPPED_SHARE + "). If they end before their answers, raise"
                    + " rollout.max_new_tokens, or ask for short answers in task.prompt.");
        }
    }
}
