package dev.upbeat.app.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Finding on the processor's instruction sets. */
final class Cpu {
    private Cpu() {}

    /** @param capability the vector instructions that libtorch chose: AVX512, AVX2, DEFAULT .. */
    static Finding instructions(String capability, Set<String> flags) {
        List<String> bf16 = new ArrayList<>();
        if (flags.contains("amx_bf16")) {
            bf16.add("AMX");
        }
        if (flags.contains("avx512_bf16")) {
            bf16.add("AVX-512 BF16");
        }
        String value = "libtorch uses " + capability + "; bf16 by "
                + (bf16.isEmpty() ? "general instructions" : String.join(" and ", bf16));
        boolean known = !flags.isEmpty();
        if (known && capability.equals("DEFAULT")) {
            return Finding.note("instructions", value, "a processor with AVX2 or AVX-512 is several times faster");
        }
        if (known && bf16.isEmpty()) {
            return Finding.note("instructions", value, "--dtype f32 may be faster than bf16 here, if memory allows");
        }
        return Finding.ok("instructions", value);
    }
}
