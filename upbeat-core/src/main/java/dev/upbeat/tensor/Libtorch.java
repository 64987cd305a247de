package dev.upbeat.tensor;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_full;
import org.bytedeco.pytorch.global.torch;

/** Loads libtorch, sets its threads and reports its version. */
public final class Libtorch {
    private static final Pattern TORCH_VERSION = Pattern.compile("TORCH_VERSION=([^,\\s]+)");

    private Libtorch() {}

    /**
     * Limits OpenBLAS to one thread. libtorch calls it from inside its own parallel regions; two thread pools on the
     * same cores slow small products down a hundredfold. Called from every entry to the library, so that programs need
     * not do it.
     */
    static void limitOpenBlasToOneThread() {
        openblas_full.openblas_set_num_threads(1);
    }

    /**
     * Loads libtorch and sets the number of threads that its operators use. May be called again with another number.
     *
     * @param threads at least 1, or 0 for {@link #defaultThreads()}
     * @throws IllegalStateException if there is no native library for this platform, which the message names
     */
    public static void start(int threads) {
        if (threads < 0) {
            throw new IllegalArgumentException("threads must be at least 1, or 0 for the default, not " + threads);
        }
        try {
            limitOpenBlasToOneThread();
            torch.set_num_threads(threads == 0 ? defaultThreads() : threads);
        } catch (LinkageError e) {
            throw new IllegalStateException(
                    "libtorch has no native library for " + platform() + " on the class path, or it does not load ("
                            + rootCause(e) + ")",
                    e);
        }
    }

    /**
     * Number of physical cores, or OMP_NUM_THREADS, but at most the processors available to this process: libtorch
     * counts those of the machine, and a container may have fewer.
     */
    public static int defaultThreads() {
        return Math.min(
                torch.intraop_default_num_threads(), Runtime.getRuntime().availableProcessors());
    }

    /** Current number of threads of an operator. */
    public static int threads() {
        return torch.get_num_threads();
    }

    /** Current number of threads of a call into OpenBLAS. */
    public static int openblasThreads() {
        return openblas_full.openblas_get_num_threads();
    }

    /** Version of libtorch, such as "2.10.0". */
    public static String version() {
        String configuration = configuration();
        Matcher version = TORCH_VERSION.matcher(configuration);
        if (!version.find()) {
            throw new IllegalStateException("libtorch does not report its version: " + configuration);
        }
        return version.group(1);
    }

    /** How libtorch was built and with which libraries, several lines. */
    static String configuration() {
        try (BytePointer config = torch.show_config()) {
            return config.getString();
        }
    }

    /** Widest vector instructions that libtorch's kernels use on this CPU, such as "AVX512", "AVX2" or "DEFAULT". */
    public static String cpuCapability() {
        try (BytePointer capability = torch.get_cpu_capability()) {
            return capability.getString();
        }
    }

    /** Platform as JavaCPP spells it, which is the classifier of the native jars, such as "linux-x86_64". */
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
