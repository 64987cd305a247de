package dev.upbeat.app.cli;

import dev.upbeat.io.BadInputException;
import dev.upbeat.rollout.Sampling;
import dev.upbeat.rollout.SamplingWeights;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** Options of sampling. */
@SuppressWarnings("UnusedVariable") // picocli sets them
final class SamplingFlags {
    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    @Option(
            names = "--max-new-tokens",
            paramLabel = "N",
            defaultValue = "512",
            description = "Maximum length of a response in tokens (default: 512).")
    private int maxNewTokens;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            description = "Sampling temperature; 0 is greedy (default: 0.7; eval: 0, avg@K: 1).")
    private @Nullable Double temperature;

    private double usual;

    @Option(
            names = "--top-p",
            paramLabel = "P",
            defaultValue = "1",
            description = "Sample from the fewest most likely tokens whose total probability reaches P (default: 1).")
    private double topP;

    @Option(
            names = "--top-k",
            paramLabel = "K",
            defaultValue = "0",
            description = "Sample from the K most likely tokens; 0 for all (default: 0).")
    private int topK;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Seed of all random numbers (default: 0).")
    private long seed;

    @Option(
            names = "--rollout-weights",
            paramLabel = "exact|int8",
            defaultValue = "exact",
            description = "Weights that draw the responses. int8 is a rounded copy: faster, and slightly another "
                    + "distribution (default: exact).")
    private SamplingWeights weights = SamplingWeights.EXACT;

    /** @param temperature default */
    SamplingFlags(double temperature) {
        this.usual = temperature;
    }

    /** Sets the default temperature. */
    void usualTemperature(double temperature) {
        usual = temperature;
    }

    /** Whether the user asks for the most likely tokens. */
    boolean greedy() {
        return temperature != null && temperature == 0;
    }

    private double temperature() {
        return temperature == null ? usual : temperature;
    }

    /**
     * @param stopIds ids that end a response
     * @throws BadInputException if an option is invalid
     */
    Sampling sampling(Set<Integer> stopIds) {
        return new Sampling(maxNewTokens, temperature(), topK, topP, seed, stopIds, weights);
    }

    /**
     * @throws BadInputException if sampling options are given although nothing is sampled; the seed also serves statistics
     */
    void refuseWhereNothingIsDrawn() {
        ParseResult given = Objects.requireNonNull(command).commandLine().getParseResult();
        for (String option : List.of("--max-new-tokens", "--temperature", "--top-p", "--top-k", "--rollout-weights")) {
            if (given.hasMatchedOption(option)) {
                throw new BadInputException(
                        option + " controls sampling, but --traces gives the responses; leave " + option + " out");
            }
        }
    }

    long seed() {
        return seed;
    }

    void record(Map<String, Object> config) {
        config.put("max_new_tokens", maxNewTokens);
        config.put("temperature", temperature());
        config.put("top_p", topP);
        config.put("top_k", topK);
        if (weights != SamplingWeights.EXACT) {
            config.put("rollout_weights", weights.toString());
        }
    }
}
