package dev.upbeat.credit;

import dev.upbeat.series.TopQ.Ties;
import dev.upbeat.trace.Step;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Entropy selection: gradient only on the tokens of highest entropy (arXiv 2506.01939, the 80/20 rule). Gamma is 1 for
 * these tokens and 0 for others. Choices:
 *
 * <ol>
 *   <li>The share is taken of the whole batch of a step; the paper takes it of each micro-batch.
 *   <li>Exactly ceil(q n) of its n tokens are selected; ties go to the earlier response, then the earlier position,
 *       unless ties says later.
 *   <li>Unselected tokens stay in the denominators of the loss.
 * </ol>
 */
record EntropySelection(double share, boolean bottom, Ties ties) implements GammaCredit {
    @Override
    public Set<String> needs() {
        return Set.of("entropy_nats");
    }

    @Override
    public boolean needsAllResponses() {
        return true;
    }

    @Override
    public Gamma gamma(Step step) {
        int[] observed =
                IntStream.range(0, step.size()).filter(step::isObserved).toArray();
        float[] pooled = new float[Arrays.stream(observed).map(step::length).sum()];
        int start = 0;
        for (int i : observed) {
            System.arraycopy(step.observation(i).entropyNats(), 0, pooled, start, step.length(i));
            start += step.length(i);
        }
        boolean[] selected = new Selection(share, bottom, 1, ties).of(pooled);
        float[][] gamma = new float[step.size()][];
        start = 0;
        for (int i : observed) {
            gamma[i] = new float[step.length(i)];
            for (int t = 0; t < gamma[i].length; t++) {
                gamma[i][t] = selected[start + t] ? 1 : 0;
            }
            start += gamma[i].length;
        }
        return new Gamma(gamma);
    }
}
