package dev.upbeat.app.doctor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The processor, as Linux describes it; other systems leave it to libtorch. */
final class Cpu {
    static final Path INFO = Path.of("/proc/cpuinfo");

    private Cpu() {}

    /** The marketing name, "unknown processor" where the system does not say. */
    static String model(Path info) {
        return field(info, "model name").orElse("unknown processor");
    }

    /** The kernel's names of the instruction sets (avx2, avx512f, amx_bf16 ..); empty where the system does not say. */
    static Set<String> flags(Path info) {
        return field(info, "flags").map(flags -> Set.of(flags.split(" "))).orElse(Set.of());
    }

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
                + (bf16.isEmpty() ? "no instruction of its own" : String.join(" and ", bf16));
        boolean known = !flags.isEmpty();
        if (known && capability.equals("DEFAULT")) {
            return Finding.note("instructions", value, "a processor with AVX2 or AVX-512 is several times faster");
        }
        if (known && bf16.isEmpty()) {
            return Finding.note("instructions", value, "--dtype f32 may be faster than bf16 here, if memory allows");
        }
        return Finding.ok("instructions", value);
    }

    private static Optional<String> field(Path info, String name) {
        if (!Files.isReadable(info)) {
            return Optional.empty();
        }
        try (var lines = Files.lines(info)) {
            return lines.filter(line -> line.startsWith(name + "\t") || line.startsWith(name + ":"))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + info, e);
        }
    }
}
