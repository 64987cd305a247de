package dev.upbeat.train;

import java.util.Map;

/** Told how a training goes, on its own thread. */
public interface TrainingListener {
    /**
     * @param step from which it goes on, 0 where it begins
     * @param steps in all
     */
    void began(long step, long steps);

    /** @param metrics the step's line of metrics.jsonl */
    void stepped(Map<String, ?> metrics);

    /** What a reader must know to understand the result. */
    void warn(String text);
}
