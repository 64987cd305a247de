package dev.upbeat.credit;

import dev.upbeat.series.TopQ;

/**
 * Selects tokens by a score and amplifies them.
 *
 * @param share q, of all T positions, in (0, 1]
 * @param bottom whether the lowest scores are selected instead of the highest
 * @param amplification gamma_amp
 */
record Selection(double share, boolean bottom, double amplification) {
    /**
     * The selected positions as a mask: TopQ(score, q), or the lowest scores. Undefined scores are never selected; ties
     * go to the earlier position.
     *
     * @param score [T], NaN where undefined
     * @return [T]
     */
    boolean[] of(float[] score) {
        return TopQ.mask(bottom ? negated(score) : score, share);
    }

    /** Weights: gamma_amp for selected tokens, 1 for others, [T]. */
    float[] gamma(boolean[] selected) {
        float[] gamma = new float[selected.length];
        for (int t = 0; t < gamma.length; t++) {
            gamma[t] = selected[t] ? (float) amplification : 1;
        }
        return gamma;
    }

    private static float[] negated(float[] score) {
        float[] negated = new float[score.length];
        for (int t = 0; t < score.length; t++) {
            negated[t] = -score[t];
        }
        return negated;
    }
}
