package dev.upbeat.checkpoint;

import org.bytedeco.pytorch.global.torch.ScalarType;

/** Supported dtypes of the safetensors format, under the format's names. */
enum SafetensorsDtype {
    F32(4, ScalarType.Float),
    F16(2, ScalarType.Half),
    BF16(2, ScalarType.BFloat16);

    private final int bytes;
    private final ScalarType scalarType;

    SafetensorsDtype(int bytes, ScalarType scalarType) {
        this.bytes = bytes;
        this.scalarType = scalarType;
    }

    /** Bytes of an element. */
    int bytes() {
        return bytes;
    }

    ScalarType scalarType() {
        return scalarType;
    }
}
