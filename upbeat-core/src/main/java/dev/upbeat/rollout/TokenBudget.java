package dev.upbeat.rollout;

import dev.upbeat.checkpoint.ModelConfig;
import java.util.Arrays;
import java.util.List;

/** Counts down the tokens that each response may still have. */
public final class TokenBudget {
    private final int[] left;

    /** @param prompts ids, each shorter than the context */
    public TokenBudget(List<int[]> prompts, Sampling sampling, ModelConfig config) {
        left = prompts.stream()
                .mapToInt(prompt -> most(prompt, sampling, config))
                .toArray();
    }

    /** The most tokens of a response to a prompt. */
    static int most(int[] prompt, Sampling sampling, ModelConfig config) {
        return Math.min(sampling.maxNewTokens(), config.context() - prompt.length);
    }

    /** The most tokens that are left of all responses. */
    public long total() {
        return Arrays.stream(left).asLongStream().sum();
    }

    /** Counts a token of the response to a prompt, and returns how many the response may still have. */
    public int draw(int prompt) {
        return --left[prompt];
    }
}
