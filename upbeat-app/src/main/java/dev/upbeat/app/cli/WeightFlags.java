package dev.upbeat.app.cli;

import dev.upbeat.tensor.Dtype;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The adapter, the data type and the kernels of a model's weights. */
@SuppressWarnings("UnusedVariable") // picocli sets them
final class WeightFlags {
    enum DtypeChoice {
        AUTO,
        F32,
        BF16
    }

    @Option(
            names = "--adapter",
            paramLabel = "DIR",
            description = "A PEFT adapter (LoRA) over MODEL: a directory or a hub id. It is merged into the weights.")
    private @Nullable String adapter;

    @Option(
            names = "--dtype",
            paramLabel = "auto|f32|bf16",
            defaultValue = "auto",
            description =
                    "Data type of weights and matrix products. auto is f32, but bf16 if that is faster on this CPU (--kernels) "
                            + "and the weights come from a training in bf16 or are stored neither as f32 nor as f16 "
                            + "(default: auto).")
    private DtypeChoice dtype = DtypeChoice.AUTO;

    @Mixin
    private KernelFlags kernels = new KernelFlags();

    WeightFlags() {}

    /** Makes the flags of weights without an adapter. */
    WeightFlags(DtypeChoice dtype, KernelFlags kernels) {
        this.dtype = dtype;
        this.kernels = kernels;
    }

    KernelFlags kernels() {
        return kernels;
    }

    /** A directory or a hub id. */
    @Nullable
    String adapter() {
        return adapter;
    }

    /** Null for the automatic choice. */
    @Nullable
    Dtype dtype() {
        return switch (dtype) {
            case AUTO -> null;
            case F32 -> Dtype.F32;
            case BF16 -> Dtype.BF16;
        };
    }
}
