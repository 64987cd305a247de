package dev.upbeat.tensor;

import dev.upbeat.io.Processor;
import java.util.Set;

/** Instruction sets that decide which kernel is fast; none where the system does not tell. */
public final class CpuFeatures {
    private static final Set<String> FLAGS = Processor.here().flags();

    private CpuFeatures() {}

    /** Whether bf16 products have instructions of their own; without them bf16 matrices multiply slower than f32. */
    public static boolean multipliesBf16() {
        return FLAGS.contains("avx512_bf16") || FLAGS.contains("bf16") || multipliesBf16Tiles();
    }

    /** Whether bf16 products run on whole tiles (AMX), which small blocks profit from too. */
    public static boolean multipliesBf16Tiles() {
        return FLAGS.contains("amx_bf16");
    }
}
