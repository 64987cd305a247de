package dev.upbeat.credit;

import dev.upbeat.trace.Observation;
import java.util.Arrays;
import java.util.Set;

/**
 * The same weight for every token: 1 is plain GRPO ({@code uniform}), another the control for credit that raises the
 * effective step size ({@code constant}).
 */
record Constant(double gamma) implements GammaCredit.PerResponse {
    @Override
    public Set<String> needs() {
        return Set.of();
    }

    @Override
    public float[] gamma(Observation seen) {
        float[] all = new float[seen.length()];
        Arrays.fill(all, (float) gamma);
        return all;
    }
}
