package dev.upbeat.tensor;

import org.bytedeco.pytorch.global.torch.ScalarType;

/** The two dtypes that weights and activations come in. */
public enum Dtype {
    F32(ScalarType.Float, 4),
    BF16(ScalarType.BFloat16, 2);

    private final ScalarType scalarType;
    private final int bytes;

    Dtype(ScalarType scalarType, int bytes) {
        this.scalarType = scalarType;
        this.bytes = bytes;
    }

    public ScalarType scalarType() {
        return scalarType;
    }

    /** Of a value. */
    public int bytes() {
        return bytes;
    }

    /** "f32" or "bf16", as the command line spells it. */
    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
