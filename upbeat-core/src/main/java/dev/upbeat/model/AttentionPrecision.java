package dev.upbeat.model;

import dev.upbeat.tensor.CpuFeatures;
import dev.upbeat.tensor.Dtype;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The dtype that attention over whole sequences runs in. Queries and keys of a bf16 decoder are rounded once after the
 * rotation, as in the reference implementations; the softmax runs in f32 all the same, for flash attention in bf16 pays
 * only where the CPU multiplies bf16 tiles (AMX) and is ten times slower elsewhere.
 */
final class AttentionPrecision {
    private AttentionPrecision() {}

    static ScalarType of(Dtype dtype) {
        return dtype == Dtype.BF16 && CpuFeatures.multipliesBf16Tiles() ? ScalarType.BFloat16 : ScalarType.Float;
    }
}
