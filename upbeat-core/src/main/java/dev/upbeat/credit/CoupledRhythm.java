package dev.upbeat.credit;

import dev.upbeat.series.Median;
import dev.upbeat.series.TopQ;
import dev.upbeat.trace.Observation;
import dev.upbeat.trace.Step;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Coupled-rhythm credit (arXiv 2510.13554, Eq. 18-19): anchors get a bonus of gamma_amp - 1, and a locally dominated
 * anchor (in Dom, the paper's D) passes a fraction alpha of it to the token that introduces it, its intro.
 *
 * <pre>gamma_t = 1 + (gamma_amp - 1) ([t in T_glob \ Dom] + (1 - alpha) [t in Dom] + alpha [t in intro(Dom)])</pre>
 *
 * <p>The paper leaves the thresholds of Eq. 18 open. Choices:
 *
 * <ol>
 *   <li>tau_waad is the median WAAD of the response. tau_delta is the smallest change of WAAD among its preplan tokens
 *       ({@link LocalChunk} with the same share, always from the top).
 *   <li>The intro of a dominated anchor is the token with the largest change among the {@code lookback} response tokens
 *       before it, the later one on ties. An anchor at the first response token is not dominated.
 *   <li>The intro of several anchors gets the share alpha of only one bonus. A token that is both an anchor and an
 *       intro gets the sum of both shares.
 * </ol>
 *
 * @param anchors selection of T_glob by FAI
 * @param alpha fraction of the bonus that the intro gets, in [0, 1]
 * @param lookback k, tokens, at least 1
 */
record CoupledRhythm(Selection anchors, double alpha, int lookback) implements GammaCredit {
    /** Share of the anchors that are locally dominated, NaN if there is no anchor. */
    static final String COUPLED_SHARE = "credit/coupled_share";

    private static final int NONE = -1;

    @Override
    public Set<String> needs() {
        return Set.of("waad", "fai");
    }

    @Override
    public Gamma gamma(Step step) {
        float[][] gamma = new float[step.size()][];
        long all = 0;
        long dominated = 0;
        for (int i = 0; i < gamma.length; i++) {
            if (step.isObserved(i)) {
                Observation observation = step.observation(i);
                boolean[] anchor = anchors.of(observation.fai());
                int[] intro = intros(anchor, observation.waad());
                gamma[i] = gamma(anchor, intro);
                for (int t = 0; t < anchor.length; t++) {
                    all += anchor[t] ? 1 : 0;
                    dominated += intro[t] == NONE ? 0 : 1;
                }
            }
        }
        return new Gamma(gamma, Map.of(COUPLED_SHARE, (double) dominated / all));
    }

    /** Eq. 19, [T]. */
    private float[] gamma(boolean[] anchor, int[] intro) {
        boolean[] introduces = new boolean[anchor.length];
        Arrays.stream(intro).filter(u -> u != NONE).forEach(u -> introduces[u] = true);
        float[] gamma = new float[anchor.length];
        for (int t = 0; t < gamma.length; t++) {
            double kept = !anchor[t] ? 0 : intro[t] == NONE ? 1 : 1 - alpha;
            double received = introduces[t] ? alpha : 0;
            gamma[t] = (float) (1 + (anchors.amplification() - 1) * (kept + received));
        }
        return gamma;
    }

    /** The intro of each anchor that is locally dominated (Eq. 18), NONE for every other token, [T]. */
    private int[] intros(boolean[] anchor, float[] waad) {
        float[] changes = LocalChunk.changes(waad);
        double tauWaad = Median.of(IntStream.range(0, waad.length).mapToDouble(t -> waad[t]));
        // Without preplan tokens the threshold is NaN, and the comparison below is false.
        double tauDelta = Arrays.stream(TopQ.positions(changes, anchors.share()))
                .mapToDouble(t -> changes[t])
                .min()
                .orElse(Double.NaN);
        int[] intros = new int[anchor.length];
        Arrays.fill(intros, NONE);
        for (int t = 1; t < anchor.length; t++) {
            int intro = largestBefore(t, changes);
            if (anchor[t] && waad[t] <= tauWaad && changes[intro] >= tauDelta) {
                intros[t] = intro;
            }
        }
        return intros;
    }

    private int largestBefore(int t, float[] changes) {
        int largest = t - 1;
        for (int u = t - 2; u >= Math.max(0, t - lookback); u--) {
            if (changes[u] > changes[largest]) {
                largest = u;
            }
        }
        return largest;
    }
}
