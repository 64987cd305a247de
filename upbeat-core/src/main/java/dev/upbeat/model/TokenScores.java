package dev.upbeat.model;

import dev.upbeat.tensor.Scoped;
import dev.upbeat.tensor.Tensors;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * Log-prob and entropy of given tokens. Computed in chunks of rows, so the logits [rows, V] are never in memory at
 * once.
 *
 * @param logProbs nats, [rows]
 * @param entropyNats nats, [rows]
 */
public record TokenScores(float[] logProbs, float[] entropyNats) {
    /** Size of a chunk of logits, bytes: small enough for the last-level cache of a CPU. */
    private static final long CHUNK_BYTES = 16L << 20;

    /** Rows of a chunk of logits: a multiple of 16, for which kernels are faster. */
    static int rowsOfChunk(int vocabulary) {
        return (int) Math.max(16, CHUNK_BYTES / ((long) Float.BYTES * vocabulary) / 16 * 16);
    }

    /**
     * Computes the scores.
     *
     * @param hidden hidden states that predict the tokens, f32, [rows, E]
     * @param targets the predicted tokens, [rows]
     * @param temperatures tau of each row, by which its logits are divided, [rows]
     */
    public static TokenScores of(Decoder decoder, Tensor hidden, long[] targets, float[] temperatures) {
        int rows = targets.length;
        int chunk = rowsOfChunk(decoder.config().vocabulary());
        float[] logProbs = new float[rows];
        float[] entropies = new float[rows];
        boolean divide = IntStream.range(0, rows).anyMatch(row -> temperatures[row] != 1);
        for (int start = 0; start < rows; start += chunk) {
            int from = start;
            int count = Math.min(chunk, rows - start);
            Scoped.run(() -> {
                Tensor logits = decoder.logits(hidden.narrow(0, from, count));
                if (divide) {
                    float[] taus = Arrays.copyOfRange(temperatures, from, from + count);
                    logits.div_(Tensors.of(taus, count, 1));
                }
                Tensor logProb = logits.log_softmax(1);
                long[] chosen = Arrays.copyOfRange(targets, from, from + count);
                Tensor target = Tensors.of(chosen, count, 1);
                System.arraycopy(Tensors.toFloats(logProb.gather(1, target)), 0, logProbs, from, count);
                Tensor entropy = logProb.exp().mul_(logProb).sum(1).mul_(new Scalar(-1.0));
                System.arraycopy(Tensors.toFloats(entropy), 0, entropies, from, count);
            });
        }
        return new TokenScores(logProbs, entropies);
    }
}
