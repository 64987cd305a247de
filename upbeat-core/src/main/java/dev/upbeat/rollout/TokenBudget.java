package dev.upbeat.rollout;

import dev.upbeat.checkpoint.ModelConfig;
import java.util.Arrays;
import java.util.List;

/** Remaining number of tokens of each response, for progress reports. */
public final class TokenBudget {
    private final int[] remaining;

    /** @param prompts token ids, each shorter than the context */
    public TokenBudget(List<int[]> prompts, Sampling sampling, ModelConfig config) {
        remaining = prompts.stream()
                .mapToInt(prompt -> most(prompt, sampling, config))
                .toArray();
    }

    /** Maximum number of tokens of a response to a prompt. */
    static int most(int[] prompt, Sampling sampling, ModelConfig config) {
        return Math.min(sampling.maxNewTokens(), config.context() - prompt.length);
    }

    /** Maximum number of remaining tokens of all responses. */
    public long total() {
        return Arrays.stream(remaining).asLongStream().sum();
    }

    /** Counts a token of the response to a prompt, and returns its remaining number of tokens. */
    public int draw(int prompt) {
        return --remaining[prompt];
    }
}
