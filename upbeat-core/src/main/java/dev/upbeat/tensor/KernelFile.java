package dev.upbeat.tensor;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.EnumFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.upbeat.io.AtomicFiles;
import dev.upbeat.io.BadInputException;
import dev.upbeat.io.Digests;
import dev.upbeat.io.InputFiles;
import dev.upbeat.io.Processor;
import dev.upbeat.json.ParseFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A choice of kernels as a file, with the machine that it was measured on.
 *
 * @param machine processor, libtorch and threads, in words
 */
record KernelFile(String machine, @Nullable ModelShape shape, Kernels kernels) {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .serializationInclusion(JsonInclude.Include.ALWAYS)
            .build();

    /** @throws BadInputException if the file is not one of kernels */
    static Kernels read(Path file) {
        try {
            KernelFile read = JSON.readValue(InputFiles.bytes(file, InputFiles.SETTINGS_BYTES), KernelFile.class);
            if (read != null && read.kernels != null && read.kernels.isWhole()) {
                return read.kernels;
            }
            throw damaged(file, "a field is null", null);
        } catch (JsonProcessingException e) {
            throw damaged(file, ParseFault.placed(e), e);
        } catch (IOException e) {
            throw new BadInputException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private static BadInputException damaged(Path file, String reason, @Nullable Exception cause) {
        String message =
                file + ": not a file of kernels (" + reason + "); expected one that upbeat bench peak --save wrote";
        return cause == null ? new BadInputException(message) : new BadInputException(message, cause);
    }

    /** Writes a choice that was measured on this machine. */
    static void write(Path file, @Nullable ModelShape shape, Kernels kernels) throws IOException {
        AtomicFiles.writeString(file, JSON.writeValueAsString(new KernelFile(thisMachine(), shape, kernels)) + "\n");
    }

    /** The kept choice for this machine and shape, or else a new one, which is kept if that is possible. */
    static Kernels cachedOr(Path cache, ModelShape shape, Consumer<String> says, Supplier<Kernels> measured) {
        Path file = cache.resolve(key(shape) + ".json");
        if (Files.isReadable(file)) {
            try {
                return read(file);
            } catch (BadInputException e) {
                says.accept(e.getMessage() + "; measuring again");
            }
        }
        Kernels kernels = measured.get();
        try {
            Files.createDirectories(file.getParent());
            write(file, shape, kernels);
        } catch (IOException e) {
            says.accept("cannot keep the choice of kernels in " + file + " (" + e.getMessage()
                    + "), so that the next command measures again");
        }
        return kernels;
    }

    /** The directory of kept choices, {@code upbeat/kernels} in the user's cache directory. */
    static Path userCache() {
        String cache = System.getenv("XDG_CACHE_HOME");
        Path home =
                cache == null || cache.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
        return home.resolve("upbeat").resolve("kernels");
    }

    private static String thisMachine() {
        return Objects.requireNonNullElse(Processor.here().model(), System.getProperty("os.arch")) + ", libtorch "
                + Libtorch.version() + " with " + Libtorch.cpuCapability() + ", " + Libtorch.threads() + " threads";
    }

    /** Hash of all on which the choice depends; oneDNN and libtorch read the two variables. */
    private static String key(ModelShape shape) {
        String all = thisMachine()
                + new TreeSet<>(Processor.here().flags())
                + Libtorch.configuration()
                + shape
                + System.getenv("ONEDNN_MAX_CPU_ISA")
                + System.getenv("ATEN_CPU_CAPABILITY");
        return Digests.sha256(all).substring(0, 16);
    }
}
