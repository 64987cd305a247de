package dev.upbeat.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.upbeat.checkpoint.Architecture;
import dev.upbeat.tensor.Tensors;
import dev.upbeat.testing.TinyDecoder;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

/** Chunked log-probs and entropies against the whole row of logits, one row at a time, f64. */
class TokenScoresTest {
    @Test
    void anIncompleteChunkIsScoredCompletely() {
        // 90,000 logits of 4 bytes: chunks of 32 rows
        check(90_000, 101, false);
    }

    @Test
    void eachRowHasItsOwnTemperatureInEveryChunk() {
        check(90_000, 65, true);
    }

    @Test
    void aVocabularyLargerThanAChunkGoesBySixteenRows() {
        check(250_000, 17, true);
    }

    @Test
    void oneRowIsEnough() {
        check(40, 1, true);
    }

    private static void check(int vocabulary, int rows, boolean tempered) {
        SplittableRandom random = new SplittableRandom(vocabulary + rows);
        long[] targets = random.longs(rows, 0, vocabulary).toArray();
        float[] temperatures = new float[rows];
        for (int r = 0; r < rows; r++) {
            temperatures[r] = tempered ? 0.5f + random.nextInt(3) / 2f : 1;
        }
        try (Decoder decoder = TinyDecoder.random(TinyDecoder.config(Architecture.LLAMA, vocabulary, 64, 0), 5);
                PointerScope scope = new PointerScope();
                AutoGradMode noGrad = new AutoGradMode(false)) {
            float[] states = new float[rows * decoder.config().hidden()];
            for (int i = 0; i < states.length; i++) {
                states[i] = (float) random.nextGaussian();
            }
            Tensor hidden = Tensors.of(states, rows, decoder.config().hidden());
            TokenScores scores = TokenScores.of(decoder, hidden, targets, temperatures);
            assertThat(scores.logProbs()).hasSize(rows);
            for (int r = 0; r < rows; r++) {
                double[] logits = Tensors.toDoubles(decoder.logits(hidden.narrow(0, r, 1)));
                double tau = temperatures[r];
                double largest = Arrays.stream(logits).max().orElseThrow() / tau;
                double total = Arrays.stream(logits)
                        .map(logit -> Math.exp(logit / tau - largest))
                        .sum();
                double lse = largest + Math.log(total);
                double entropy = Arrays.stream(logits)
                        .map(logit -> -Math.exp(logit / tau - lse) * (logit / tau - lse))
                        .sum();
                assertThat((double) scores.logProbs()[r])
                        .as("log-prob of row %d", r)
                        .isCloseTo(logits[(int) targets[r]] / tau - lse, within(1e-4));
                assertThat((double) scores.entropyNats()[r])
                        .as("entropy of row %d", r)
                        .isCloseTo(entropy, within(2e-4));
            }
        }
    }
}
