package dev.upbeat.observe;

import dev.upbeat.tensor.Scoped;
import dev.upbeat.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;

/**
 * Score of token-correlation: the cosine between a token's last hidden state, after the final norm, and the mean of the
 * response's last hidden states.
 */
final class HiddenCosine {
    private HiddenCosine() {}

    /**
     * @param hidden last hidden states at the response positions, f32, [T, E]
     * @return cosines in [-1, 1], [T]; NaN if the state or the mean is zero
     */
    static float[] of(Tensor hidden) {
        Tensor cosine = Scoped.call(() -> {
            Tensor mean = hidden.mean(0);
            return hidden.matmul(mean).div_(norm(hidden, 1)).div_(norm(mean, 0));
        });
        return Tensors.toFloats(cosine);
    }

    private static Tensor norm(Tensor x, long dim) {
        return x.square().sum(dim).sqrt_();
    }
}
