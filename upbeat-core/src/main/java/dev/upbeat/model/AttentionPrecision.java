package dev.upbeat.model;

import dev.upbeat.tensor.CpuFeatures;
import dev.upbeat.tensor.Dtype;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Dtype of attention over whole sequences. In a bf16 decoder queries and keys are rounded once, after the rotation, as
 * in the reference implementations. Flash attention then runs in f32 unless the CPU multiplies bf16 tiles (AMX):
 * elsewhere bf16 is ten times slower.
 */
final class AttentionPrecision {
    private AttentionPrecision() {}

    static ScalarType of(Dtype dtype) {
        return dtype == Dtype.BF16 && CpuFeatures.multipliesBf16Tiles() ? ScalarType.BFloat16 : ScalarType.Float;
    }
}
