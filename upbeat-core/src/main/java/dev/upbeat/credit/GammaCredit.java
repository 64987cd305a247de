package dev.upbeat.credit;

import dev.upbeat.trace.Observation;
import dev.upbeat.trace.Step;
import dev.upbeat.trace.Update;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Credit that multiplies each token's advantage by a weight gamma, in one update. */
non-sealed interface GammaCredit extends Credit {
    /**
     * The weights of a step.
     *
     * @param weights gamma, [B][T]
     * @param metrics further metrics by their names in metrics.jsonl
     */
    record Gamma(float[][] weights, Map<String, Double> metrics) {
        Gamma(float[][] weights) {
            this(weights, Map.of());
        }
    }

    /** Computes the weights of all observed responses. Weights of other responses are ignored. */
    Gamma gamma(Step step);

    @Override
    default List<Update> apply(Step step) {
        Gamma gamma = gamma(step);
        return List.of(update(step, gamma.weights(), gamma.metrics()));
    }

    /** The update with {@code A~_t = gamma_t A} (Eq. 13). The product of two floats is exact in double precision. */
    static Update update(Step step, float[][] gamma, Map<String, Double> metrics) {
        float[][] weights = new float[step.size()][];
        double[][] advantages = new double[step.size()][];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = step.isObserved(i) ? gamma[i] : ones(step.length(i));
            advantages[i] = new double[weights[i].length];
            double advantage = step.isObserved(i) ? step.advantages()[i] : 0;
            for (int t = 0; t < weights[i].length; t++) {
                advantages[i][t] = weights[i][t] * advantage;
            }
        }
        return new Update(advantages, weights, metrics);
    }

    /** Applies a function to the observation of each observed response, [B][T]; empty for other responses. */
    static float[][] perResponse(Step step, Function<Observation, float[]> weights) {
        float[][] all = new float[step.size()][];
        for (int i = 0; i < all.length; i++) {
            all[i] = step.isObserved(i) ? weights.apply(step.observation(i)) : new float[0];
        }
        return all;
    }

    private static float[] ones(int length) {
        float[] ones = new float[length];
        Arrays.fill(ones, 1);
        return ones;
    }

    /** Credit whose weights depend only on the response, not on other responses of the step. */
    interface PerResponse extends GammaCredit {
        /** The weights of one response, [T]. */
        float[] gamma(Observation observation);

        @Override
        default Gamma gamma(Step step) {
            return new Gamma(perResponse(step, this::gamma));
        }
    }
}
