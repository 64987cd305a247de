package dev.upbeat.io;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The processor as Linux describes it; other systems do not tell.
 *
 * @param model its marketing name; null where the system does not say
 * @param flags the kernel's names of the instruction sets (avx2, avx512f, amx_bf16 ..); empty where it does not say
 */
public record Processor(@Nullable String model, Set<String> flags) {
    private static final Processor HERE = read(Path.of("/proc/cpuinfo"));

    /** That of this machine. */
    public static Processor here() {
        return HERE;
    }

    static Processor read(Path cpuinfo) {
        if (!Files.isReadable(cpuinfo)) {
            return new Processor(null, Set.of());
        }
        try (Stream<String> lines = Files.lines(cpuinfo, StandardCharsets.ISO_8859_1)) {
            List<String[]> fields = lines.filter(line -> line.contains(":"))
                    .map(line -> line.split("\\s*:\\s*", 2))
                    .toList();
            String flags = first(fields, "flags");
            String features = flags == null ? first(fields, "Features") : flags; // as ARM kernels call them
            return new Processor(
                    first(fields, "model name"),
                    features == null ? Set.of() : Set.of(features.strip().split("\\s+")));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + cpuinfo, e);
        }
    }

    private static @Nullable String first(List<String[]> fields, String name) {
        return fields.stream()
                .filter(field -> field[0].equals(name))
                .map(field -> field[1].strip())
                .findFirst()
                .orElse(null);
    }
}
