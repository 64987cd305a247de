package dev.upbeat.train.config;

/**
 * How held-out problems are answered during training.
 *
 * @param every steps between two evaluations; 0 for none. The model is also evaluated before the first step and after
 *     the last.
 * @param samples answers per problem
 * @param temperature of the answers; 0 for the most likely tokens
 * @param maxNewTokens most tokens of an answer
 */
public record EvalConfig(int every, int samples, double temperature, int maxNewTokens) {
    static final EvalConfig NONE = new EvalConfig(0, 1, 1, 1);

    /** @param longest default of {@code max_new_tokens} */
    static EvalConfig read(Section section, int longest) {
        EvalConfig config = new EvalConfig(
                section.optional("every", 25).integer(0, Integer.MAX_VALUE),
                section.optional("samples", 1).integer(1, 1 << 16),
                section.optional("temperature", 1.0).number(Range.atLeast(0)),
                section.dependent("max_new_tokens", longest).integer(1, 1 << 24));
        if (config.temperature > 0 && config.temperature < RolloutConfig.LEAST_TEMPERATURE) {
            throw section.wrong("temperature", "0 for greedy answers, or at least " + RolloutConfig.LEAST_TEMPERATURE);
        }
        if (config.temperature == 0 && config.samples > 1) {
            throw section.wrong("samples", "1 if eval.temperature is 0, because greedy answers are all the same");
        }
        return config;
    }
}
