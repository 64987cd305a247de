package dev.upbeat.credit;

import dev.upbeat.trace.Observation;
import dev.upbeat.trace.Step;
import java.util.Map;
import java.util.Set;

/**
 * Coupled-rhythm credit (arXiv 2510.13554, Eq. 19): anchors get a bonus of gamma_amp - 1, and a locally dominated
 * anchor passes a fraction alpha of it to the token that introduces it ({@link Coupling}).
 *
 * <pre>gamma_t = 1 + (gamma_amp - 1) ([t in T_glob \ Dom] + (1 - alpha) [t in Dom] + alpha [t in intro(Dom)])</pre>
 *
 * <p>Options set what the paper leaves open (docs/method.md, section 6): thresholds, ties, and {@link Shares}.
 *
 * @param anchors selection of T_glob by FAI
 * @param fai name of the series of FAI: over the global heads, or over the receivers
 * @param alpha fraction of the bonus that the intro gets, in [0, 1]
 * @param coupling which anchors are dominated, and their intros
 * @param shares how the shares of a token are combined
 */
record CoupledRhythm(Selection anchors, String fai, double alpha, Coupling coupling, Shares shares)
        implements GammaCredit {
    /** Share of the anchors that are locally dominated, NaN if there is no anchor. */

    /**
     * How the shares of a token are combined.
     *
     * @param perAnchor true if an intro gets alpha from each of its anchors, false if from only one
     * @param overwrite true if an intro that is itself an anchor gets only the intro's share, false if the sum of both
     */
    record Shares(boolean perAnchor, boolean overwrite) {}

    @Override
    public Set<String> needs() {
        return Set.of("waad", fai);
    }

    @Override
    public Gamma gamma(Step step) {
        float[][] gamma = new float[step.size()][];
        long all = 0;
        long dominated = 0;
        for (int i = 0; i < gamma.length; i++) {
            if (step.isObserved(i)) {
                Observation observation = step.observation(i);
                boolean[] anchor = anchors.of(TopScore.score(observation, fai));
                int[] intro = coupling.intros(anchor, observation.waad());
                gamma[i] = gamma(anchor, intro);
                for (int t = 0; t < anchor.length; t++) {
                    all += anchor[t] ? 1 : 0;
                    dominated += intro[t] == Couplings.NONE ? 0 : 1;
                }
            }
        }
        return new Gamma(gamma, Map.of(CreditMetrics.COUPLED_SHARE, (double) dominated / all));
    }

    /** Eq. 19, [T]. */
    private float[] gamma(boolean[] anchor, int[] intro) {
        int[] introduced = new int[anchor.length]; // number of anchors that count for the token as an intro
        for (int u : intro) {
            if (u != Couplings.NONE) {
                introduced[u] = shares.perAnchor ? introduced[u] + 1 : 1;
            }
        }
        float[] gamma = new float[anchor.length];
        for (int t = 0; t < gamma.length; t++) {
            double kept = !anchor[t] ? 0 : intro[t] == Couplings.NONE ? 1 : 1 - alpha;
            double received = alpha * introduced[t];
            double share = shares.overwrite && introduced[t] > 0 ? received : kept + received;
            gamma[t] = (float) (1 + (anchors.amplification() - 1) * share);
        }
        return gamma;
    }
}
