package dev.upbeat.model;

import dev.upbeat.tensor.Scoped;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Dropout of the inputs of low-rank updates. The masks are not kept: the same seed and number give the same mask again, in
 * the backward pass and when layers run a second time.
 *
 * @param share share of the values that are set to 0, above 0 and below 1; the others are divided by 1 - share
 * @param seed of one forward and backward pass
 */
public record Dropout(double share, long seed) {
    /** Distance of the seeds of two numbers: the golden ratio in 64 bits, as in SplittableRandom. */
    private static final long DISTANCE = 0x9E3779B97F4A7C15L;

    /**
     * Factors of an input.
     *
     * @param number of the update, each of which has its own mask
     * @param x of which the mask has the shape; its values do not matter
     * @return 0 or 1 / (1 - share), f32
     */
    Tensor mask(int number, Tensor x) {
        return Scoped.call(() -> torch.empty(x.sizes().vec().get())
                .bernoulli_(1 - share, new GeneratorOptional(torch.make_generator_cpu(seed + (number + 1) * DISTANCE)))
                .div_(new Scalar(1 - share)));
    }
}
