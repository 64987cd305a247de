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
 * Model and instruction sets of the processor, as Linux reports them. Unknown on other systems.
 *
 * @param model marketing name; null if unknown
 * @param flags instruction sets by their kernel names (avx2, avx512f, amx_bf16 ..); empty if unknown
 */
public record Processor(@Nullable String model, Set<String> flags) {
    private static final Processor HERE = read(Path.of("/proc/cpuinfo"));

    /** The processor of this machine. */
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
            String features = flags == null ? first(fields, "Features") : flags; // the name on ARM
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
