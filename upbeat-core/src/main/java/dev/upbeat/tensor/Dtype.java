package dev.upbeat.tensor;

import org.bytedeco.pytorch.global.torch.ScalarType;

/** The two dtypes that weights and activations come in. */
public enum Dtype {
    F32(ScalarType.Float),
    BF16(ScalarType.BFloat16);

    private final ScalarType scalarType;

    Dtype(ScalarType scalarType) {
        this.scalarType = scalarType;
    }

    public ScalarType scalarType() {
        return scalarType;
    }

    /** "f32" or "bf16", as the command line spells it. */
    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
