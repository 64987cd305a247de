package dev.upbeat.credit;

import dev.upbeat.series.TopQ;

/**
 * The frame of most strategies: some tokens are selected by a score, and theirs is the amplification.
 *
 * @param share q, of all T positions, in (0, 1]
 * @param bottom whether the lowest scores are selected and not the highest
 * @param amplification gamma_amp
 */
record Selection(double share, boolean bottom, double amplification) {
    /**
     * TopQ(score, q), or its counterpart from the bottom. Undefined scores are never selected; ties go to the earlier
     * position.
     *
     * @param score [T], NaN where undefined
     * @return [T]
     */
    boolean[] of(float[] score) {
        return TopQ.mask(bottom ? negated(score) : score, share);
    }

    /** gamma_amp where selected, 1 elsewhere, [T]. */
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
