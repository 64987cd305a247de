package dev.upbeat.model;

import dev.upbeat.tensor.Scoped;
import dev.upbeat.tensor.Tensors;
import java.util.Arrays;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * Log-prob and entropy of given tokens, by chunks of rows: the [tokens, V] logits never exist whole.
 *
 * @param logProbs nats, [rows]
 * @param entropyNats nats, [rows]
 */
public record TokenScores(float[] logProbs, float[] entropyNats) {
    /** Logits of a chunk, in bytes: small enough to stay in a CPU's last cache. */
    private static final long CHUNK_BYTES = 16L << 20;

    /** Rows of the logits that are made at a time: whole sixteens, which the kernels like. */
    static int rowsOfChunk(int vocabulary) {
        return (int) Math.max(16, CHUNK_BYTES / ((long) Float.BYTES * vocabulary) / 16 * 16);
    }

    /**
     * @param hidden states that predict the tokens, f32, [rows, E]
     * @param targets the predicted tokens, [rows]
     * @param temperatures tau of each row, by which its logits are divided, [rows]
     */
    public static TokenScores of(Decoder decoder, Tensor hidden, long[] targets, float[] temperatures) {
        int rows = targets.length;
        int chunk = rowsOfChunk(decoder.config().vocabulary());
        boolean plain = true;
        for (float tau : temperatures) {
            plain &= tau == 1;
        }
        float[] logProbs = new float[rows];
        float[] entropies = new float[rows];
        boolean divide = !plain;
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
