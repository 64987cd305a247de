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

/** Draws one token a row from logits. */
final class Sampler {
    /** Probabilities that are added up as one before the token is looked for. */
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
     * @param logits f32, [B, V]
     * @param prompts number of each row's prompt, [B]
     * @param step tokens drawn before, the same for all rows
     */
    Drawn draw(Tensor logits, int[] prompts, int step) {
        try (PointerScope scope = new PointerScope()) {
            double tau = sampling.logProbTemperature();
            Tensor scaled = tau == 1 ? logits : logits.div(new Scalar(tau));
            Tensor probabilities = scaled.softmax(1);
            // One value that is not a number spoils its whole row.
            Finite.require(Tensors.toFloats(probabilities.select(1, 0)), "probabilities of the next tokens");
            long[] chosen = sampling.temperature() == 0
                    ? Tensors.toLongs(logits.argmax(new LongOptional(-1), false))
                    : inverse(truncates(scaled) ? kept(scaled).softmax(1) : probabilities, prompts, step);
            Tensor drawn = probabilities.gather(1, Tensors.of(chosen, chosen.length, 1));
            return new Drawn(chosen, Tensors.toFloats(drawn.log()));
        }
    }

    private boolean truncates(Tensor logits) {
        return sampling.topP() < 1 || (sampling.topK() > 0 && sampling.topK() < logits.size(1));
    }

    /** The logits of the tokens that top-k and top-p leave; -inf for the others. */
    private Tensor kept(Tensor logits) {
        boolean k = sampling.topK() > 0 && sampling.topK() < logits.size(1);
        Tensor kept = k ? topK(logits) : logits;
        return sampling.topP() < 1 ? topP(kept) : kept;
    }

    private Tensor topK(Tensor logits) {
        T_TensorTensor_T top = logits.topk(sampling.topK());
        Tensor smallest = new Tensor(top.get0()).narrow(1, sampling.topK() - 1L, 1);
        return logits.masked_fill(logits.lt(smallest), new Scalar(Double.NEGATIVE_INFINITY));
    }

    /** Drops a token where the more likely ones already reach p. */
    private Tensor topP(Tensor logits) {
        T_TensorTensor_T sorted = logits.sort(new BoolOptional(true), 1, true);
        Tensor probabilities = new Tensor(sorted.get0()).softmax(1);
        Tensor before = probabilities.cumsum(1).sub_(probabilities);
        Tensor dropped = before.ge(new Scalar(sampling.topP()));
        Tensor order = new Tensor(sorted.get1());
        Tensor inPlace = dropped.scatter(1, order, dropped);
        return logits.masked_fill(inPlace, new Scalar(Double.NEGATIVE_INFINITY));
    }

    /** The first token of each row at which the running sum of probabilities exceeds a uniform draw, [B]. */
    private long[] inverse(Tensor probabilities, int[] prompts, int step) {
        int v = (int) probabilities.size(1);
        int blocks = v / BLOCK + 1;
        double[] sums = Tensors.toDoubles(blockSums(probabilities));
        long[] chosen = new long[prompts.length];
        for (int b = 0; b < prompts.length; b++) {
            double[] row = Arrays.copyOfRange(sums, b * blocks, (b + 1) * blocks);
            double left = uniform(prompts[b], step) * Arrays.stream(row).sum();
            // The block in which the draw lies, then the token in the block.
            int block = 0;
            while (block < blocks - 1 && left >= row[block]) {
                left -= row[block];
                block++;
            }
            int from = block * BLOCK;
            float[] tokens = Tensors.toFloats(probabilities, (long) b * v + from, Math.min(BLOCK, v - from));
            chosen[b] = (long) from + first(tokens, left);
        }
        return chosen;
    }

    /** Sums of {@link #BLOCK} probabilities each, and of the less than a block (or none) at the end: [B, V / BLOCK + 1]. */
    private static Tensor blockSums(Tensor probabilities) {
        long rows = probabilities.size(0);
        long v = probabilities.size(1);
        long whole = v / BLOCK;
        Tensor blocks = probabilities.narrow(1, 0, whole * BLOCK).view(rows, whole, BLOCK);
        Tensor end = probabilities.narrow(1, whole * BLOCK, v % BLOCK);
        return torch.cat(new TensorVector(blocks.sum(2), end.sum(1).unsqueeze(1)), 1);
    }

    /** The first token at which the running sum exceeds {@code left}; the last possible one where rounding lets none. */
    private static int first(float[] probabilities, double left) {
        int possible = 0;
        double sum = 0;
        for (int i = 0; i < probabilities.length && sum <= left; i++) {
            sum += probabilities[i];
            possible = probabilities[i] > 0 ? i : possible;
        }
        return possible;
    }

    /** In [0, 1), from a stream that belongs to (seed, prompt, step) alone. */
    private float uniform(int prompt, int step) {
        return RandomStream.of(sampling.seed(), prompt, step).nextInt(1 << 24) * 0x1p-24f;
    }
}
