package dev.upbeat.store;

/** Names of held-out accuracies in {@code metrics.jsonl}; docs/metrics.md defines each. */
public final class AccuracyNames {
    /** The plain average over the benchmarks; without benchmarks, the accuracy on the training's held-out problems. */
    public static final String AVERAGE = "eval/accuracy";

    private AccuracyNames() {}

    /** The accuracy on a benchmark. */
    public static String of(String benchmark) {
        return "eval/" + benchmark + "/accuracy";
    }
}
