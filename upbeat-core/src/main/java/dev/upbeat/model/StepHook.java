package dev.upbeat.model;

/** Receives the attention of a decoding step, for one sequence. */
public interface StepHook {
    /** Whether the attention of a layer is wanted. */
    boolean wants(int layer);

    /**
     * Called once a step for each wanted layer.
     *
     * @param firstKey position of the first key that the step's token attends to
     * @param weights attention of the token to the keys from firstKey to itself, row-major, [H, n]
     */
    void row(int layer, int firstKey, float[] weights);
}
