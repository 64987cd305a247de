package dev.upbeat.credit;

import dev.upbeat.trace.Observation;
import java.util.Set;

/** Global-anchor credit (arXiv 2510.13554, Eq. 16-17): amplifies anchors, the tokens of highest FAI. */
record GlobalAnchor(Selection anchors) implements GammaCredit.PerResponse {
    @Override
    public Set<String> needs() {
        return Set.of("fai");
    }

    @Override
    public float[] gamma(Observation observation) {
        return anchors.gamma(anchors.of(observation.fai()));
    }
}
