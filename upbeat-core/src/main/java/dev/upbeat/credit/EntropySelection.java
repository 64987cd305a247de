package dev.upbeat.credit;

import dev.upbeat.trace.Observation;
import java.util.Arrays;
import java.util.Set;

/**
 * Gradient only on the tokens of highest entropy (arXiv 2506.01939, the 80/20 rule): gamma 1 there, 0 elsewhere.
 * Choices:
 *
 * <ol>
 *   <li>The share is of the whole batch of a step, where the paper takes each micro-batch's.
 *   <li>Exactly ceil(q n) of its n tokens are selected; ties go to the earlier response, then the earlier position.
 *   <li>The loss is averaged as it would be without: unselected tokens stay in the denominators.
 * </ol>
 */
record EntropySelection(double share, boolean bottom) implements Credit {
    @Override
    public Set<String> needs() {
        return Set.of("entropy_nats");
    }

    @Override
    public float[][] gamma(CreditBatch batch) {
        int tokens = batch.seen().stream().mapToInt(Observation::length).sum();
        float[] pooled = new float[tokens];
        int start = 0;
        for (Observation seen : batch.seen()) {
            System.arraycopy(seen.entropyNats(), 0, pooled, start, seen.length());
            start += seen.length();
        }
        boolean[] selected = new Selection(share, bottom, 1).of(pooled);
        float[] gamma = new float[tokens];
        for (int i = 0; i < tokens; i++) {
            gamma[i] = selected[i] ? 1 : 0;
        }
        return split(gamma, batch);
    }

    private static float[][] split(float[] pooled, CreditBatch batch) {
        float[][] split = new float[batch.size()][];
        int start = 0;
        for (int b = 0; b < split.length; b++) {
            int end = start + batch.seen().get(b).length();
            split[b] = Arrays.copyOfRange(pooled, start, end);
            start = end;
        }
        return split;
    }
}
