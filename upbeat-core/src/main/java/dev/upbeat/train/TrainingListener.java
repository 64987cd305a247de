package dev.upbeat.train;

import java.util.Map;

/** Receives the progress of a training, on its thread. */
public interface TrainingListener {
    /**
     * @param step number of steps done before; 0 at the beginning
     * @param steps number of steps of the whole training
     */
    void began(long step, long steps);

    /** @param metrics the step's line of metrics.jsonl */
    void stepped(Map<String, ?> metrics);

    /** Receives the name of work besides steps that takes time and begins now: "loading models/countdown". */
    default void doing(String work) {}

    /**
     * Receives how far generated responses are, at most five times a second, on any thread.
     *
     * @param work its name: "step 5: rollouts"
     * @param share of the tokens that are generated, 0 to 1; an estimate, because responses may end early
     */
    default void progressed(String work, double share) {}

    /** Receives a remark that is needed to understand the result. */
    void warn(String text);
}
