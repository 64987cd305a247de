package dev.upbeat.tensor;

import java.util.Locale;

/**
 * The kernels of this process, where several compute the same and the fastest depends on the CPU. {@link KernelChoice}
 * decides among them before the first model is loaded. Results of two choices differ by rounding only; a training
 * records its choice and resumes with it.
 *
 * @param products dtype of matrix products, if the weights were neither stored nor trained in a finer one
 * @param attention dtype of attention over whole sequences in a bf16 model; in f32 it is never rounded
 * @param linear library of linear layers
 * @param weights layout of weights that are converted when read; others stay views of their file
 * @param batched library of batches of small f32 products
 * @param scores how attention over whole sequences is computed
 */
public record Kernels(Dtype products, Dtype attention, Library linear, Layout weights, Library batched, Scores scores) {

    /** ATEN leaves the choice to libtorch: OpenBLAS or MKL for f32, oneDNN for bf16. */
    public enum Library {
        ONEDNN,
        ATEN
    }

    /** PACKED is oneDNN's layout for few rows. */
    public enum Layout {
        PACKED,
        PLAIN
    }

    /** FLASH is libtorch's fused kernel for CPUs, BLOCKS are plain operators over blocks of rows. */
    public enum Scores {
        FLASH,
        BLOCKS
    }

    /** Programs that load models without {@link KernelChoice}, such as tests, get the portable ones by the variable too. */
    private static volatile Kernels current =
            "portable".equals(System.getenv(KernelChoice.VARIABLE)) ? portable() : byCapability();

    /** The kernels in use. */
    public static Kernels current() {
        return current;
    }

    /** Takes other kernels. Only for models that are loaded afterwards. */
    static void use(Kernels kernels) {
        current = kernels;
    }

    /** The choice by the CPU's instruction sets, without measuring. */
    public static Kernels byCapability() {
        boolean tiles = CpuFeatures.multipliesBf16Tiles();
        return new Kernels(
                CpuFeatures.multipliesBf16() ? Dtype.BF16 : Dtype.F32,
                tiles ? Dtype.BF16 : Dtype.F32,
                Library.ONEDNN,
                Layout.PACKED,
                tiles ? Library.ATEN : Library.ONEDNN,
                Scores.FLASH);
    }

    /** Operators that every device has. */
    public static Kernels portable() {
        return new Kernels(
                CpuFeatures.multipliesBf16() ? Dtype.BF16 : Dtype.F32,
                Dtype.F32,
                Library.ATEN,
                Layout.PLAIN,
                Library.ATEN,
                Scores.BLOCKS);
    }

    /** Whether no field is null, as in a file that lacks one. */
    boolean isWhole() {
        return products != null
                && attention != null
                && linear != null
                && weights != null
                && batched != null
                && scores != null;
    }

    /** Such as "products bf16, attention f32, linear onednn, weights packed, batched onednn, scores flash". */
    @Override
    public String toString() {
        return "products %s, attention %s, linear %s, weights %s, batched %s, scores %s"
                .formatted(products, attention, linear, weights, batched, scores)
                .toLowerCase(Locale.ROOT);
    }

    Kernels withLinear(Library library, Layout layout) {
        return new Kernels(products, attention, library, layout, batched, scores);
    }

    Kernels withProducts(Dtype dtype) {
        return new Kernels(dtype, attention, linear, weights, batched, scores);
    }

    Kernels withAttention(Dtype dtype) {
        return new Kernels(products, dtype, linear, weights, batched, scores);
    }

    Kernels withBatched(Library library) {
        return new Kernels(products, attention, linear, weights, library, scores);
    }
}
