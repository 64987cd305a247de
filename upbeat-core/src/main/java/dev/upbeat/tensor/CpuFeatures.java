package dev.upbeat.tensor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** Instruction sets that decide which kernel is fast. Read from the kernel's list; empty where there is none. */
public final class CpuFeatures {
    private static final Set<String> FLAGS = read(Path.of("/proc/cpuinfo"));

    private CpuFeatures() {}

    /** Whether bf16 products have instructions of their own; without them bf16 matrices multiply slower than f32. */
    public static boolean multipliesBf16() {
        return FLAGS.contains("avx512_bf16") || FLAGS.contains("bf16") || multipliesBf16Tiles();
    }

    /** Whether bf16 products run on whole tiles (AMX), which small blocks profit from too. */
    public static boolean multipliesBf16Tiles() {
        return FLAGS.contains("amx_bf16");
    }

    private static Set<String> read(Path cpuinfo) {
        if (!Files.isReadable(cpuinfo)) {
            return Set.of();
        }
        try {
            return Files.readAllLines(cpuinfo).stream()
                    .filter(line -> line.startsWith("flags") || line.startsWith("Features"))
                    .limit(1)
                    .flatMap(line -> Arrays.stream(
                            line.substring(line.indexOf(':') + 1).strip().split(" ")))
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + cpuinfo, e);
        }
    }
}
