package dev.upbeat.credit;

import dev.upbeat.trace.Observation;

/** Credit that a response gets by itself, whatever it is batched with. */
sealed interface ResponseCredit extends Credit
        permits Constant, LocalChunk, GlobalAnchor, CoupledRhythm, TopScore, ProbReweight {
    /** [T]. */
    float[] gamma(Observation seen);

    @Override
    default float[][] gamma(CreditBatch batch) {
        return batch.seen().stream().map(seen -> gamma(seen)).toArray(float[][]::new);
    }
}
