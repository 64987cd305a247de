package dev.upbeat.train.config;

/**
 * How responses are sampled in training.
 *
 * @param prompts prompts per step
 * @param group G, responses per prompt, at least 2, because advantages are relative to the group
 * @param maxNewTokens most tokens of a response
 * @param temperature tau of the sampling, and so of log-probs and entropies
 * @param weights the weights that draw the responses: {@code exact} or {@code int8}
 */
public record RolloutConfig(int prompts, int group, int maxNewTokens, double temperature, String weights) {
    /** Lowest temperature: below it sampling is practically greedy, and logits divided by it may overflow. */
    static final double LEAST_TEMPERATURE = 1e-3;

    static RolloutConfig read(Section section) {
        return new RolloutConfig(
                section.optional("prompts", 32).integer(1, 1 << 20),
                section.optional("group", 8).integer(2, 1 << 16),
                section.optional("max_new_tokens", 96).integer(1, 1 << 24),
                temperature(section),
                section.added("weights", "exact").choice("exact", "int8"));
    }

    private static double temperature(Section section) {
        double temperature = section.optional("temperature", 1.0).number(Range.above(0));
        if (temperature < LEAST_TEMPERATURE) {
            throw section.wrong(
                    "temperature",
                    "at least " + LEAST_TEMPERATURE + ": below it, all answers of a group are the same greedy "
                            + "answer, and nothing is learnt from them (for greedy evaluation set eval.temperature=0)");
        }
        return temperature;
    }

    /** Responses per step, B = prompts x G. */
    public int responses() {
        return prompts * group;
    }
}
