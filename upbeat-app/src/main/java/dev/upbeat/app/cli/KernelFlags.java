package dev.upbeat.app.cli;

import dev.upbeat.tensor.KernelChoice;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a model's kernels are chosen. */
@SuppressWarnings("UnusedVariable") // picocli sets it
final class KernelFlags {
    @Option(
            names = "--kernels",
            paramLabel = "auto|default|portable|FILE",
            description =
                    "Kernels of the model's computations: auto measures once which are fastest on this machine; default goes "
                            + "by the CPU's instructions; portable takes plain operators; FILE is a choice that upbeat bench peak --save "
                            + "wrote (default: UPBEAT_KERNELS, or auto).")
    private @Nullable String kernels;

    /** Sets how the kernels are chosen, before a model is loaded. */
    void choose(CommonOptions common) {
        KernelChoice.set(kernels, common::remark);
    }
}
