package dev.upbeat.credit;

import dev.upbeat.trace.Step;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.IntStream;

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
record EntropySelection(double share, boolean bottom) implements GammaCredit {
    @Override
    public Set<String> needs() {
        return Set.of("entropy_nats");
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
        boolean[] selected = new Selection(share, bottom, 1).of(pooled);
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
