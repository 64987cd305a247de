package dev.upbeat.trace;

import java.util.Locale;

/** Weights of the map that every rhythm metric reads (docs/method.md, section 3). */
public enum AttentionWeights {
    /** A[t,s], the attention weight: the paper. */
    ATTENTION,
    /** A[t,s] |v_s|, divided by the sum over the row (after Kobayashi et al. 2020, arXiv 2004.10102). */
    VALUE_NORM;

    /** The word of options and files: {@code value-norm}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
