package dev.upbeat.credit;

import dev.upbeat.trace.Observation;
import java.util.Set;

/** Global-anchor credit (arXiv 2510.13554, Eq. 16-17): the tokens of highest FAI. */
record GlobalAnchor(Selection anchors) implements GammaCredit.PerResponse {
    @Override
    public Set<String> needs() {
        return Set.of("fai");
    }

    @Override
    public float[] gamma(Observation seen) {
        return anchors.gamma(anchors.of(seen.fai()));
    }
}
