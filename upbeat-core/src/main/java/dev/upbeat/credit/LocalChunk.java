package dev.upbeat.credit;

import dev.upbeat.trace.Observation;
import java.util.Arrays;
import java.util.Set;

/**
 * Local-chunk credit (arXiv 2510.13554, Eq. 14-15): amplifies the preplan tokens T_loc = TopQ(D, q). D_t is the
 * absolute change of WAAD from token t to the next (the paper's Delta), and gamma_t is gamma_amp in T_loc and 1
 * elsewhere ({@link Selection}).
 */
record LocalChunk(Selection preplans) implements GammaCredit.PerResponse {
    @Override
    public Set<String> needs() {
        return Set.of("waad");
    }

    @Override
    public float[] gamma(Observation observation) {
        return preplans.gamma(preplans.of(changes(observation.waad())));
    }

    /** {@code D_t = |WAAD_t - WAAD_{t+1}|}, NaN at the last position, [T]. */
    static float[] changes(float[] waad) {
        float[] changes = new float[waad.length];
        Arrays.fill(changes, Float.NaN);
        for (int t = 0; t + 1 < waad.length; t++) {
            changes[t] = Math.abs(waad[t] - waad[t + 1]);
        }
        return changes;
    }
}
