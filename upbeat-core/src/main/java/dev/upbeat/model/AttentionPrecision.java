package dev.upbeat.model;

import dev.upbeat.tensor.Dtype;
import dev.upbeat.tensor.Kernels;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Dtype of attention over whole sequences. In a bf16 decoder queries and keys are rounded once, after the rotation, as
 * in the reference implementations. Flash attention then runs in f32 unless bf16 is faster on this CPU ({@link Kernels#attention}):
 * without bf16 tiles (AMX) it is ten times slower.
 */
final class AttentionPrecision {
    private AttentionPrecision() {}

    static ScalarType of(Dtype dtype) {
        return dtype == Dtype.BF16 && Kernels.current().attention() == Dtype.BF16
                ? ScalarType.BFloat16
                : ScalarType.Float;
    }
}
