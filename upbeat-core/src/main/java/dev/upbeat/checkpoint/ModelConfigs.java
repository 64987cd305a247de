package dev.upbeat.checkpoint;

import dev.upbeat.io.BadInputException;
import java.nio.file.Path;

/** Checks a decoder's shape, from a file of any kind. */
final class ModelConfigs {
    /** Far beyond any model; a damaged count must not cause an endless loop. */
    private static final int MOST_LAYERS = 10_000;

    /** Bounds far beyond any model's values; products and powers of values within them stay finite in float32. */
    private static final double LEAST = 1e-12;

    private static final double MOST = 1e15;

    private ModelConfigs() {}

    /** Returns {@code config} if it is valid; a message names {@code file}. */
    static ModelConfig checked(ModelConfig config, Path file) {
        checkLayers(config.layers(), file);
        checkScaling(config, file); // before the context, which may follow from it
        positive(config.hidden(), "hidden size", file);
        positive(config.heads(), "attention heads", file);
        positive(config.kvHeads(), "key/value heads", file);
        positive(config.headDim(), "head size", file);
        positive(config.mlp(), "MLP size", file);
        positive(config.vocabulary(), "vocabulary size", file);
        positive(config.context(), "context", file);
        positive(config.rmsNormEps(), "RMSNorm epsilon", file);
        positive(config.ropeTheta(), "rotary base", file);
        if (config.heads() % config.kvHeads() != 0) {
            throw bad(
                    file,
                    config.heads() + " attention heads and " + config.kvHeads()
                            + " key/value heads, expected a multiple of the latter");
        }
        if (config.headDim() % 2 != 0) {
            throw bad(file, "a head size of " + config.headDim() + ", expected an even number for the rotation");
        }
        for (int window : config.slidingWindows()) {
            if (window < 0) {
                throw bad(file, "a sliding window of " + window + ", expected a positive number of keys");
            }
        }
        for (int id : config.eosTokenIds()) {
            if (id < 0 || id >= config.vocabulary()) {
                throw bad(file, "stop id " + id + ", expected 0 to " + (config.vocabulary() - 1));
            }
        }
        return config;
    }

    /** Returns {@code layers} if it is within the limits. */
    static int checkLayers(int layers, Path file) {
        if (layers < 1 || layers > MOST_LAYERS) {
            throw bad(file, layers + " layers, expected 1 to " + MOST_LAYERS);
        }
        return layers;
    }

    private static void checkScaling(ModelConfig config, Path file) {
        RopeScaling scaling = config.ropeScaling();
        if (scaling instanceof RopeScaling.Linear linear) {
            positive(linear.factor(), "rotary scaling factor", file);
        }
        if (scaling instanceof RopeScaling.Llama3 llama3) {
            positive(llama3.factor(), "rotary scaling factor", file);
            positive(llama3.lowFreqFactor(), "low_freq_factor", file);
            positive(llama3.originalContext(), "original_max_position_embeddings", file);
            if (!(llama3.highFreqFactor() > llama3.lowFreqFactor()) || Double.isInfinite(llama3.highFreqFactor())) {
                throw bad(
                        file,
                        "a high_freq_factor of " + llama3.highFreqFactor() + ", expected more than low_freq_factor "
                                + llama3.lowFreqFactor());
            }
        }
        if (scaling instanceof RopeScaling.Yarn yarn) {
            positive(yarn.factor(), "rotary scaling factor", file);
            positive(yarn.attentionFactor(), "attention_factor", file);
            positive(yarn.betaSlow(), "beta_slow", file);
            positive(yarn.betaFast(), "beta_fast", file);
            positive(yarn.originalContext(), "original_max_position_embeddings", file);
            if (yarn.betaFast() < yarn.betaSlow()) {
                throw bad(
                        file, "a beta_fast of " + yarn.betaFast() + ", expected at least beta_slow " + yarn.betaSlow());
            }
            if (config.ropeTheta() == 1) {
                throw bad(file, "a rotary base of 1, expected another value with yarn scaling");
            }
        }
        if (scaling instanceof RopeScaling.Dynamic dynamic) {
            positive(dynamic.factor(), "rotary scaling factor", file);
            if (config.headDim() == 2) {
                throw bad(file, "a head size of 2, expected at least 4 with dynamic rotary scaling");
            }
        }
    }

    private static void positive(double value, String what, Path file) {
        if (!(value >= LEAST && value <= MOST)) {
            boolean whole = value == Math.rint(value) && Math.abs(value) <= MOST;
            throw bad(
                    file,
                    (whole ? Long.toString((long) value) : Double.toString(value)) + " for " + what
                            + ", expected a positive number from " + LEAST + " to " + MOST);
        }
    }

    private static BadInputException bad(Path file, String what) {
        return new BadInputException(file + " has " + what + ". Correct it, or fetch the checkpoint again.");
    }
}
