package dev.upbeat.tensor;

import org.bytedeco.pytorch.global.torch.ScalarType;

/** The dtypes of weights and activations. */
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

    /** Bytes per value. */
    public int bytes() {
        return bytes;
    }

    /** "f32" or "bf16", as on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
