package dev.upbeat.credit;

import java.util.Arrays;

/**
 * Local domination of anchors (arXiv 2510.13554, Eq. 18). An anchor t is locally dominated (in Dom, the paper's D) if
 * {@code WAAD_t <= tau_waad} and the largest change D_u of WAAD among the k response tokens before it is at least
 * tau_delta. The token with that change is its intro. An anchor at the first response token is not dominated.
 *
 * @param lookback k, tokens, at least 1
 * @param tauWaad threshold on WAAD; the paper states none
 * @param tauDelta threshold on the changes; the paper states none
 * @param earlierIntro which of several equal changes is the intro: true for the first, false for the one nearest to the
 *     anchor
 */
record Coupling(int lookback, Threshold tauWaad, Threshold tauDelta, boolean earlierIntro) {
    /**
     * The intro of each dominated anchor, {@link Couplings#NONE} for every other token, [T].
     *
     * @param anchor [T]
     * @param waad [T]
     */
    int[] intros(boolean[] anchor, float[] waad) {
        float[] changes = LocalChunk.changes(waad);
        double low = tauWaad.of(waad);
        double leap = tauDelta.of(changes); // NaN without a change: the comparison below is false
        int[] intros = new int[anchor.length];
        Arrays.fill(intros, Couplings.NONE);
        for (int t = 1; t < anchor.length; t++) {
            int intro = largestBefore(t, changes);
            if (anchor[t] && waad[t] <= low && changes[intro] >= leap) {
                intros[t] = intro;
            }
        }
        return intros;
    }

    private int largestBefore(int t, float[] changes) {
        int largest = t - 1;
        for (int u = t - 2; u >= Math.max(0, t - lookback); u--) {
            if (changes[u] > changes[largest] || (earlierIntro && changes[u] == changes[largest])) {
                largest = u;
            }
        }
        return largest;
    }
}
