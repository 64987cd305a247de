package dev.upbeat.tensor;

import dev.upbeat.io.Processor;
import java.util.Set;

/** Instruction sets that decide which kernel is fast. Empty if the operating system does not list them. */
public final class CpuFeatures {
    private static final Set<String> FLAGS = Processor.here().flags();

    private CpuFeatures() {}

    /**
     * Whether the CPU has instructions for bf16 products. Without them, bf16 matrices multiply more slowly than f32.
     */
    public static boolean multipliesBf16() {
        return FLAGS.contains("avx512_bf16") || FLAGS.contains("bf16") || multipliesBf16Tiles();
    }

    /** Whether the CPU multiplies bf16 tiles (AMX), which makes even small products faster. */
    public static boolean multipliesBf16Tiles() {
        return FLAGS.contains("amx_bf16");
    }
}
