package dev.upbeat.credit;

import dev.upbeat.trace.Observation;
import java.util.Arrays;
import java.util.Set;

/**
 * The same weight for every token. The weight 1 is plain GRPO ({@code uniform}); another weight is the control for the
 * larger effective step size of credit ({@code constant}).
 */
record Constant(double gamma) implements GammaCredit.PerResponse {
    @Override
    public Set<String> needs() {
        return Set.of();
    }

    @Override
    public float[] gamma(Observation observation) {
        float[] all = new float[observation.length()];
        Arrays.fill(all, (float) gamma);
        return all;
    }
}
