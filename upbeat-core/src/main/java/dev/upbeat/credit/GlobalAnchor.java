package dev.upbeat.credit;

import dev.upbeat.trace.Observation;
import java.util.Set;

/**
 * Global-anchor credit (arXiv 2510.13554, Eq. 16-17): amplifies the anchors T_glob = TopQ(FAI, q). gamma_t is gamma_amp
 * in T_glob and 1 elsewhere ({@link Selection}).
 *
 * @param fai name of the series of FAI: over the global heads, or over the receivers
 */
record GlobalAnchor(Selection anchors, String fai) implements GammaCredit.PerResponse {
    @Override
    public Set<String> needs() {
        return Set.of(fai);
    }

    @Override
    public float[] gamma(Observation observation) {
        return anchors.gamma(anchors.of(TopScore.score(observation, fai)));
    }
}
