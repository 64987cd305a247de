package dev.upbeat.model;

import dev.upbeat.tensor.CpuFeatures;
import dev.upbeat.tensor.Dtype;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * What a decoder of one dtype does with queries and keys. In bf16 they are rounded once after the rotation, as the
 * reference implementations do; the softmax runs in f32 all the same, for flash attention in bf16 pays only where the CPU
 * multiplies bf16 tiles (AMX) and is ten times slower elsewhere.
 */
enum AttentionPrecision {
    F32(false, ScalarType.Float),
    ROUNDED_F32(true, ScalarType.Float),
    BF16(true, ScalarType.BFloat16);

    private final boolean rounded;
    private final ScalarType computeType;

    AttentionPrecision(boolean rounded, ScalarType computeType) {
        this.rounded = rounded;
        this.computeType = computeType;
    }

    static AttentionPrecision of(Dtype dtype) {
        if (dtype == Dtype.F32) {
            return F32;
        }
        return CpuFeatures.multipliesBf16Tiles() ? BF16 : ROUNDED_F32;
    }

    /** f32 to f32. */
    Tensor round(Tensor x) {
        return rounded ? x.to(ScalarType.BFloat16).to(ScalarType.Float) : x;
    }

    /** f32 to what flash attention gets. */
    Tensor compute(Tensor x) {
        return x.to(computeType);
    }
}
