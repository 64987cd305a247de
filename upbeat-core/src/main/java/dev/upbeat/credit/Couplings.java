package dev.upbeat.credit;

import java.util.Arrays;

/**
 * The couplings of a response: its anchors T_glob = TopQ(FAI, q), and for each locally dominated one the token that
 * introduces it (arXiv 2510.13554, Eq. 18), with the default settings of coupled-rhythm.
 *
 * @param anchors whether each token is an anchor, [T]
 * @param intros position in the response of each dominated anchor's intro, {@link #NONE} for every other token, [T]
 */
public record Couplings(boolean[] anchors, int[] intros) {
    /** Value for tokens without an intro. */
    public static final int NONE = -1;

    private static final CoupledRhythm USUAL =
            (CoupledRhythm) CreditOptions.of("coupled-rhythm").credit();

    /**
     * @param waad [T]
     * @param fai [T], NaN where undefined
     */
    public static Couplings of(float[] waad, float[] fai) {
        boolean[] anchors = USUAL.anchors().of(fai);
        return new Couplings(anchors, USUAL.coupling().intros(anchors, waad));
    }

    /** Whether each token would be dominated if it were an anchor, [T]: local domination depends on WAAD alone. */
    public static boolean[] dominated(float[] waad) {
        boolean[] all = new boolean[waad.length];
        Arrays.fill(all, true);
        int[] intros = USUAL.coupling().intros(all, waad);
        boolean[] dominated = new boolean[waad.length];
        for (int t = 0; t < dominated.length; t++) {
            dominated[t] = intros[t] != NONE;
        }
        return dominated;
    }
}
