package dev.upbeat.tensor;

import dev.upbeat.io.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Decides the {@link Kernels} of this process, once, before its first model is loaded: measured on this machine and
 * kept in the user's cache, by capability, portable, or from a file.
 */
public final class KernelChoice {
    /** Setting of processes that are given none. */
    public static final String VARIABLE = "UPBEAT_KERNELS";

    private static @Nullable String setting;
    private static Consumer<String> says = text -> {};
    private static boolean decided;

    private KernelChoice() {}

    /**
     * Sets how to decide. Later calls have no effect once a model is loaded.
     *
     * @param given {@code auto}, {@code default}, {@code portable} or the path of a file that {@code bench peak --save} wrote;
     *     null for {@value #VARIABLE}, or auto without it
     * @param remarks receives a sentence if a choice takes seconds or cannot be kept
     * @throws BadInputException if the file is missing or damaged
     */
    public static synchronized void set(@Nullable String given, Consumer<String> remarks) {
        setting = Objects.requireNonNullElse(given == null ? System.getenv(VARIABLE) : given, "auto");
        says = remarks;
        Kernels fixed =
                switch (setting) {
                    case "auto" -> null;
                    case "default" -> Kernels.byCapability();
                    case "portable" -> Kernels.portable();
                    default -> KernelFile.read(file(setting));
                };
        if (fixed != null && !decided) {
            decide(fixed);
        }
    }

    /** The setting, for processes that this one starts. */
    public static synchronized String setting() {
        return setting == null ? Objects.requireNonNullElse(System.getenv(VARIABLE), "auto") : setting;
    }

    private static Path file(String given) {
        Path file = Path.of(given);
        if (!Files.exists(file)) {
            throw new BadInputException("--kernels (or " + VARIABLE + ") " + given
                    + ": no such file; expected auto, default, portable or a file that upbeat bench peak --save wrote");
        }
        return file;
    }

    /** Decides for the first model of this process; later models take the same kernels. */
    public static synchronized void decide(ModelShape shape) {
        if (setting == null) {
            set(null, says);
        }
        if (!decided) {
            decide(KernelFile.cachedOr(KernelFile.userCache(), shape, says, () -> {
                says.accept("measuring which kernels are fastest on this machine, once");
                return KernelTiming.choose(shape);
            }));
        }
    }

    /** Measures the fastest kernels for a shape, whatever is kept, and writes them to a file for {@link #set}. */
    public static Kernels measureInto(Path file, ModelShape shape) throws IOException {
        Kernels kernels = KernelTiming.choose(shape);
        KernelFile.write(file, shape, kernels);
        return kernels;
    }

    /** Continues with the kernels of an interrupted run, unless a setting other than auto asks for others. */
    public static synchronized void resume(Kernels kernels) {
        if (!decided && (setting == null || setting.equals("auto"))) {
            decide(kernels);
        }
    }

    private static void decide(Kernels kernels) {
        Kernels.use(kernels);
        decided = true;
    }
}
