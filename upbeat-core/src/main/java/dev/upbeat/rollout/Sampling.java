package dev.upbeat.rollout;

import dev.upbeat.io.BadInputException;
import java.util.Set;

/**
 * Sampling settings.
 *
 * @param maxNewTokens maximum number of tokens of a response
 * @param temperature divisor of the logits; 0 always takes the most likely token (greedy)
 * @param topK draws only from the K most likely tokens, including ties with the K-th; 0 for all tokens
 * @param topP draws only from the most likely tokens that together reach this probability, in (0, 1]
 * @param seed seed of all draws; a response depends on the seed and the number of its prompt, not on its batch
 * @param stopIds stop tokens; a response ends with the first one, which is part of it
 * @param weights the weights that draw tokens
 */
public record Sampling(
        int maxNewTokens,
        double temperature,
        int topK,
        double topP,
        long seed,
        Set<Integer> stopIds,
        SamplingWeights weights) {
    /** Settings of sampling with the model's own weights. */
    public Sampling(int maxNewTokens, double temperature, int topK, double topP, long seed, Set<Integer> stopIds) {
        this(maxNewTokens, temperature, topK, topP, seed, stopIds, SamplingWeights.EXACT);
    }

    public Sampling {
        stopIds = Set.copyOf(stopIds);
        if (maxNewTokens < 1) {
            throw new BadInputException("max-new-tokens " + maxNewTokens + ": expected at least 1");
        }
        if (!(temperature >= 0) || Double.isInfinite(temperature)) {
            throw new BadInputException("temperature " + temperature + ": expected 0 (greedy) or a positive number");
        }
        if (topK < 0) {
            throw new BadInputException("top-k " + topK + ": expected 0 (all tokens) or a number of tokens");
        }
        if (!(topP > 0 && topP <= 1)) {
            throw new BadInputException("top-p " + topP + ": expected a probability above 0 and at most 1");
        }
    }

    public static Sampling greedy(int maxNewTokens, Set<Integer> stopIds) {
        return new Sampling(maxNewTokens, 0, 0, 1, 0, stopIds);
    }

    public Sampling with(SamplingWeights other) {
        return new Sampling(maxNewTokens, temperature, topK, topP, seed, stopIds, other);
    }

    public Sampling withSeed(long other) {
        return new Sampling(maxNewTokens, temperature, topK, topP, other, stopIds, weights);
    }

    /** tau, the temperature of the log-probs of drawn tokens (docs/method.md, section 3): 1 for greedy. */
    public double logProbTemperature() {
        return temperature == 0 ? 1 : temperature;
    }
}
