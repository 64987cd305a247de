package dev.upbeat.app.doctor;

import dev.upbeat.io.MachineMemory;
import dev.upbeat.io.Processor;
import dev.upbeat.tensor.Libtorch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Checks everything that Upbeat needs, in the order of use. */
public final class Doctor {
    /** Enough for a 0.5B model in bf16, its activations and the heap. */
    private static final long LITTLE_MEMORY_BYTES = 4L << 30;

    private Doctor() {}

    /**
     * Examines this machine and this process.
     *
     * @param env the process's environment
     * @param threads requested number, 0 for the default
     */
    public static List<Finding> examine(Map<String, String> env, int threads) {
        List<Finding> findings = new ArrayList<>();
        findings.add(machine());
        findings.add(memory());
        findings.add(jdk());
        findings.addAll(libtorch(threads));
        findings.add(Launch.finding(env));
        findings.add(ModelCache.finding(env));
        return findings;
    }

    private static Finding machine() {
        return Finding.ok(
                "machine",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                        + System.getProperty("os.arch") + ", "
                        + Objects.requireNonNullElse(Processor.here().model(), "unknown processor") + ", "
                        + Runtime.getRuntime().availableProcessors() + " processors available");
    }

    private static Finding memory() {
        long total = MachineMemory.bytes();
        String value = Sizes.of(total) + ", of which Java's heap takes at most "
                + Sizes.of(Runtime.getRuntime().maxMemory()) + "; weights and activations are outside the heap";
        return total >= LITTLE_MEMORY_BYTES
                ? Finding.ok("memory", value)
                : Finding.note("memory", value, "models of more than a few hundred million parameters will not fit");
    }

    private static Finding jdk() {
        return Finding.ok(
                "java",
                Runtime.version() + " (" + System.getProperty("java.vendor") + "), " + System.getProperty("java.home"));
    }

    private static List<Finding> libtorch(int threads) {
        try {
            Libtorch.start(threads);
        } catch (IllegalStateException e) {
            return List.of(Finding.missing(
                    "libtorch",
                    String.valueOf(e.getMessage()),
                    "JavaCPP publishes libtorch for linux-x86_64, macosx-arm64, macosx-x86_64 and windows-x86_64 "
                            + "only. Linux needs glibc, not musl"));
        }
        return List.of(
                Finding.ok("libtorch", Libtorch.version() + " for " + Libtorch.platform() + ", CPU, " + origin()),
                Finding.ok(
                        "threads",
                        Libtorch.threads() + " for libtorch, " + Libtorch.openblasThreads()
                                + " for OpenBLAS in each of them"),
                Cpu.instructions(Libtorch.cpuCapability(), Processor.here().flags()));
    }

    /** The launcher sets the property for UPBEAT_LIBTORCH. */
    private static String origin() {
        String directory = System.getProperty("upbeat.libtorch");
        return directory == null ? "bundled" : "of " + directory;
    }
}
