package dev.upbeat.credit;

import dev.upbeat.trace.Observation;
import java.util.List;
import java.util.Set;

/**
 * Low-probability token isolation (arXiv 2505.12929): a first update on the tokens drawn with a probability below eta, a
 * second on the others. Together every token weighs 1.
 *
 * @param eta in (0, 1)
 */
record Lopti(double eta) implements Credit {
    @Override
    public Set<String> needs() {
        return Set.of("log_prob");
    }

    @Override
    public float[][] gamma(CreditBatch batch) {
        return new Constant(1).gamma(batch);
    }

    @Override
    public List<float[][]> phases(CreditBatch batch) {
        return List.of(phase(batch, true), phase(batch, false));
    }

    private float[][] phase(CreditBatch batch, boolean unlikely) {
        return batch.seen().stream().map(seen -> phase(seen, unlikely)).toArray(float[][]::new);
    }

    private float[] phase(Observation seen, boolean unlikely) {
        float[] gamma = new float[seen.length()];
        for (int t = 0; t < gamma.length; t++) {
            gamma[t] = Math.exp(seen.logProbs()[t]) < eta == unlikely ? 1 : 0;
        }
        return gamma;
    }
}
