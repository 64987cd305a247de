package dev.upbeat.rollout;

import dev.upbeat.model.Finite;
import dev.upbeat.series.RandomStream;
import dev.upbeat.tensor.Tensors;
import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Draws one token per row of logits. */
final class Sampler {
    /** Number of probabilities that are summed as a block before the token is searched. */
    private static final int BLOCK = 256;

    private final Sampling sampling;

    Sampler(Sampling sampling) {
        this.sampling = sampling;
    }

    /**
     * @param ids [B]
     * @param logProbs nats, [B]
     */
    record Drawn(long[] ids, float[] logProbs) {}

    /**
     * Draws the next tokens.
     *
     * @param logits f32, [B, V]
     * @param prompts number of the prompt of each row, [B]
     * @param step number of tokens drawn before, the same for all rows
     */
    Drawn draw(Tensor logits, int[] prompts, int step) {
        try (PointerScope scope = new PointerScope()) {
            double tau = sampling.logProbTemperature();
            Tensor scaled = tau == 1 ? logits : logits.div(new Scalar(tau));
            Tensor probabilities = scaled.softmax(1);
            // A NaN among the logits of a row makes all its probabilities NaN, so one column is enough.
            Finite.require(Tensors.toFloats(probabilities.select(1, 0)), "probabilities of the next tokens");
            long[] chosen = sampling.temperature() == 0
                    ? Tensors.toLongs(logits.argmax(new LongOptional(-1), false))
                    : inverseCdf(truncates(scaled) ? truncated(scaled).softmax(1) : probabilities, prompts, step);
            Tensor drawn = probabilities.gather(1, Tensors.of(chosen, chosen.length, 1));
            return new Drawn(chosen, Tensors.toFloats(drawn.log()));
        }
    }

    private boolean truncates(Tensor logits) {
        return sampling.topP() < 1 || (sampling.topK() > 0 && sampling.topK() < logits.size(1));
    }

    /** The logits of the tokens within top-k and top-p; -inf for the others. */
    private Tensor truncated(Tensor logits) {
        boolean k = sampling.topK() > 0 && sampling.topK() < logits.size(1);
        Tensor result = k ? topK(logits) : logits;
        return sampling.topP() < 1 ? topP(result) : result;
    }

    private Tensor topK(Tensor logits) {
        T_TensorTensor_T top = logits.topk(sampling.topK());
        Tensor smallest = new Tensor(top.get0()).narrow(1, sampling.topK() - 1L, 1);
        return logits.masked_fill(logits.lt(smallest), new Scalar(Double.NEGATIVE_INFINITY));
    }

    /** Excludes a token if the more likely tokens together already reach p. */
    private Tensor topP(Tensor logits) {
        T_TensorTensor_T sorted = logits.sort(new BoolOptional(true), 1, true);
        Tensor probabilities = new Tensor(sorted.get0()).softmax(1);
        Tensor before = probabilities.cumsum(1).sub_(probabilities);
        Tensor excluded = before.ge(new Scalar(sampling.topP()));
        Tensor order = new Tensor(sorted.get1());
        Tensor mask = excluded.scatter(1, order, excluded);
        return logits.masked_fill(mask, new Scalar(Double.NEGATIVE_INFINITY));
    }

    /**
     * Inverse transform sampling: the first token of each row at which the cumulative probability exceeds a uniform
     * draw, [B].
     */
    private long[] inverseCdf(Tensor probabilities, int[] prompts, int step) {
        int v = (int) probabilities.size(1);
        int blocks = v / BLOCK + 1;
        double[] sums = Tensors.toDoubles(blockSums(probabilities));
        long[] chosen = new long[prompts.length];
        for (int b = 0; b < prompts.length; b++) {
            double[] row = Arrays.copyOfRange(sums, b * blocks, (b + 1) * blocks);
            double remaining = uniform(prompts[b], step) * Arrays.stream(row).sum();
            // Find the block of the draw, then the token in the block.
            int block = 0;
            while (block < blocks - 1 && remaining >= row[block]) {
                remaining -= row[block];
                block++;
            }
            int from = block * BLOCK;
            float[] tokens = Tensors.toFloats(probabilities, (long) b * v + from, Math.min(BLOCK, v - from));
            chosen[b] = (long) from + first(tokens, remaining);
        }
        return chosen;
    }

    /**
     * Sums of blocks of {@link #BLOCK} probabilities; the last block has the rest, possibly none: [B, V / BLOCK + 1].
     */
    private static Tensor blockSums(Tensor probabilities) {
        long rows = probabilities.size(0);
        long v = probabilities.size(1);
        long whole = v / BLOCK;
        Tensor blocks = probabilities.narrow(1, 0, whole * BLOCK).view(rows, whole, BLOCK);
        Tensor end = probabilities.narrow(1, whole * BLOCK, v % BLOCK);
        return torch.cat(new TensorVector(blocks.sum(2), end.sum(1).unsqueeze(1)), 1);
    }

    /**
     * The first token at which the cumulative sum exceeds {@code remaining}; if rounding prevents that, the last token
     * with a positive probability.
     */
    private static int first(float[] probabilities, double remaining) {
        int last = 0;
        double sum = 0;
        for (int i = 0; i < probabilities.length && sum <= remaining; i++) {
            sum += probabilities[i];
            last = probabilities[i] > 0 ? i : last;
        }
        return last;
    }

    /** A number in [0, 1) that depends only on (seed, prompt, step). */
    private float uniform(int prompt, int step) {
        return RandomStream.of(sampling.seed(), prompt, step).nextInt(1 << 24) * 0x1p-24f;
    }
}
