package dev.upbeat.credit;

import dev.upbeat.series.TopQ;
import dev.upbeat.series.TopQ.Ties;

/**
 * Selects tokens by a score and amplifies them.
 *
 * @param share q, of all T positions, in (0, 1]
 * @param bottom whether the lowest scores are selected instead of the highest
 * @param amplification gamma_amp
 * @param ties which of several equal scores is selected
 */
record Selection(double share, boolean bottom, double amplification, Ties ties) {
    /**
     * The selected positions as a mask: TopQ(score, q), or the lowest scores. Undefined scores are never selected.
     *
     * @param score [T], NaN where undefined
     * @return [T]
     */
    boolean[] of(float[] score) {
        return TopQ.mask(bottom ? negated(score) : score, share, ties);
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
