package dev.upbeat.train;

import java.util.Map;

/** Receives the progress of a training, on its thread. */
public interface TrainingListener {
    /**
     * @param step done before; 0 at the beginning
     * @param steps in all
     */
    void began(long step, long steps);

    /** @param metrics the step's line of metrics.jsonl */
    void stepped(Map<String, ?> metrics);

    /** Receives a remark that a reader needs to understand the result. */
    void warn(String text);
}
