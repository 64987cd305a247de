package dev.upbeat.tensor;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_full;
import org.bytedeco.pytorch.global.torch;

/** The native engine itself: loading it, its threads, and what it says about itself. */
public final class Libtorch {
    private static final Pattern TORCH_VERSION = Pattern.compile("TORCH_VERSION=([^,\\s]+)");

    private Libtorch() {}

    /**
     * Holds OpenBLAS, which libtorch calls from inside its own parallel regions, to one thread: two pools on the same cores
     * fight each other, and small products then take a hundred times as long. Every way into the library passes here, so
     * that programs need not know.
     */
    static void holdOpenBlasToOneThread() {
        openblas_full.openblas_set_num_threads(1);
    }

    /**
     * Loads libtorch and sets how many threads its operators use. OpenBLAS, which libtorch calls from inside its own
     * parallel regions, is held to one thread: two pools on the same cores fight each other. May be called again, with
     * another number.
     *
     * @param threads at least 1, or 0 for {@link #defaultThreads()}
     * @throws IllegalStateException where there is no native library for this platform; its message says for which
     */
    public static void start(int threads) {
        if (threads < 0) {
            throw new IllegalArgumentException("threads must be at least 1, or 0 for the default, not " + threads);
        }
        try {
            holdOpenBlasToOneThread();
            torch.set_num_threads(threads == 0 ? defaultThreads() : threads);
        } catch (LinkageError e) {
            throw new IllegalStateException(
                    "libtorch has no native library for " + platform() + " on the class path, or it does not load ("
                            + rootCause(e) + ")",
                    e);
        }
    }

    /**
     * As many threads as there are physical cores (or as OMP_NUM_THREADS says), but no more than the processors that
     * this process may use: libtorch counts the machine's, a container may have fewer.
     */
    public static int defaultThreads() {
        return Math.min(
                torch.intraop_default_num_threads(), Runtime.getRuntime().availableProcessors());
    }

    /** Threads that an operator uses now. */
    public static int threads() {
        return torch.get_num_threads();
    }

    /** Threads that a call into OpenBLAS uses now. */
    public static int openblasThreads() {
        return openblas_full.openblas_get_num_threads();
    }

    /** libtorch's own version, as it was built: "2.10.0", for example. */
    public static String version() {
        try (BytePointer config = torch.show_config()) {
            Matcher version = TORCH_VERSION.matcher(config.getString());
            if (!version.find()) {
                throw new IllegalStateException("libtorch does not name its version: " + config.getString());
            }
            return version.group(1);
        }
    }

    /** The widest vector instructions that libtorch's own kernels use here: "AVX512", "AVX2", "DEFAULT", for example. */
    public static String cpuCapability() {
        try (BytePointer capability = torch.get_cpu_capability()) {
            return capability.getString();
        }
    }

    /** The platform in JavaCPP's spelling, which is the classifier of the native jars: "linux-x86_64", for example. */
    public static String platform() {
        return Loader.getPlatform();
    }

    private static String rootCause(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getClass().getSimpleName() + ": " + cause.getMessage();
    }
}
