package dev.upbeat.train.config;

/**
 * How responses are drawn in training.
 *
 * @param prompts prompts a step
 * @param group G, responses a prompt, at least 2: one alone has no group to be better than
 * @param maxNewTokens the most tokens of a response
 * @param temperature tau of the draws, and so of log-probs and entropies
 */
public record RolloutConfig(int prompts, int group, int maxNewTokens, double temperature) {
    static RolloutConfig read(Section section) {
        return new RolloutConfig(
                section.integer("prompts", 32, 1, 1 << 20),
                section.integer("group", 8, 2, 1 << 16),
                section.integer("max_new_tokens", 96, 1, 1 << 24),
                section.number("temperature", 1.0, Range.above(0)));
    }

    /** Responses a step, B = prompts x G. */
    public int responses() {
        return prompts * group;
    }
}
