package dev.upbeat.app.cli;

import dev.upbeat.Upbeat;
import dev.upbeat.rollout.Sampling;
import java.util.Map;
import picocli.CommandLine.Option;

/** How responses are drawn. */
@SuppressWarnings("UnusedVariable") // picocli sets them
final class SamplingFlags {
    @Option(
            names = "--max-new-tokens",
            paramLabel = "N",
            defaultValue = "512",
            description = "The most tokens of a response (default: 512).")
    private int maxNewTokens;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            defaultValue = "0.7",
            description = "Sampling temperature; 0 is greedy (default: 0.7).")
    private double temperature;

    @Option(
            names = "--top-p",
            paramLabel = "P",
            defaultValue = "1",
            description = "Draw from the most likely tokens that reach this probability (default: 1).")
    private double topP;

    @Option(
            names = "--top-k",
            paramLabel = "K",
            defaultValue = "0",
            description = "Draw from the K most likely tokens; 0 for all (default: 0).")
    private int topK;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "0", description = "Of all draws (default: 0).")
    private long seed;

    Sampling sampling(Upbeat model) {
        return new Sampling(maxNewTokens, temperature, topK, topP, seed, model.stopIds());
    }

    void record(Map<String, Object> config) {
        config.put("max_new_tokens", maxNewTokens);
        config.put("temperature", temperature);
        config.put("top_p", topP);
        config.put("top_k", topK);
        config.put("seed", seed);
    }
}
