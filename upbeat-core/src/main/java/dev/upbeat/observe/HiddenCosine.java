package dev.upbeat.observe;

import dev.upbeat.tensor.Scoped;
import dev.upbeat.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;

/**
 * token-correlation's score: the cosine of a token's last hidden state (after the final norm) with the mean of those of its
 * response.
 */
final class HiddenCosine {
    private HiddenCosine() {}

    /**
     * @param hidden last hidden states of the response tokens as inputs, f32, [T, E]
     * @return in [-1, 1], [T]; NaN where a state or the mean is zero
     */
    static float[] of(Tensor hidden) {
        Tensor cosine = Scoped.call(() -> {
            Tensor mean = hidden.mean(0);
            return hidden.matmul(mean).div_(length(hidden, 1)).div_(length(mean, 0));
        });
        return Tensors.toFloats(cosine);
    }

    private static Tensor length(Tensor x, long dim) {
        return x.square().sum(dim).sqrt_();
    }
}
