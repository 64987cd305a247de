package dev.upbeat.rollout;

import dev.upbeat.model.Finite;
import dev.upbeat.tensor.Scoped;
import dev.upbeat.tensor.Tensors;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.StringViewOptional;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** Draws one token a row from logits. */
final class Sampler {
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
            Tensor logProbs = (tau == 1 ? logits : logits.div(new Scalar(tau))).log_softmax(1);
            // One value that is not a number spoils its whole row.
            Finite.require(Tensors.toFloats(logProbs.select(1, 0)), "logits of the next tokens");
            Tensor chosen = sampling.temperature() == 0
                    ? logits.argmax(new LongOptional(-1), true)
                    : inverse(probabilities(logProbs), prompts, step);
            return new Drawn(Tensors.toLongs(chosen), Tensors.toFloats(logProbs.gather(1, chosen)));
        }
    }

    /** Of the tokens that top-k and top-p leave, not normalised; 0 for the others. */
    private Tensor probabilities(Tensor logProbs) {
        return Scoped.call(() -> {
            boolean k = sampling.topK() > 0 && sampling.topK() < logProbs.size(1);
            Tensor kept = k ? topK(logProbs) : logProbs;
            return (sampling.topP() < 1 ? topP(kept) : kept).exp();
        });
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

    /** The first token at which the running sum of probabilities exceeds a uniform draw: int64, [B, 1]. */
    private Tensor inverse(Tensor probabilities, int[] prompts, int step) {
        float[] uniform = new float[prompts.length];
        for (int b = 0; b < prompts.length; b++) {
            uniform[b] = uniform(sampling.seed(), prompts[b], step);
        }
        Tensor sums = probabilities.cumsum(1);
        Tensor total = sums.narrow(1, sums.size(1) - 1, 1);
        Tensor draw = Tensors.of(uniform, prompts.length, 1).mul_(total);
        return torch.searchsorted(sums, draw, false, true, new StringViewOptional(), new TensorOptional());
    }

    /** In [0, 1), from a stream that belongs to (seed, prompt, step) alone. */
    private static float uniform(long seed, long prompt, long step) {
        SplittableRandom random = new SplittableRandom(seed);
        random = new SplittableRandom(random.nextLong() ^ prompt);
        random = new SplittableRandom(random.nextLong() ^ step);
        return random.nextInt(1 << 24) * 0x1p-24f;
    }
}
