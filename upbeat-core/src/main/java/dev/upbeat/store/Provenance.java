package dev.upbeat.store;

import dev.upbeat.io.Processor;
import dev.upbeat.trace.StopToken;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The origin of a result: all that is needed to make it again. {@code provenance.json} has these names in snake case.
 *
 * @param model the weights
 * @param data the prompts or traces file; null if the input was given on the command line (it is in {@code config})
 * @param config every option, resolved
 * @param seed of sampling
 * @param commit of Upbeat's sources, "unknown" if the launcher did not pass it
 * @param upbeat version
 * @param jdk version and vendor
 * @param os name, version and architecture
 * @param libtorch version
 * @param cpu model name if the system reports it, else the architecture
 * @param threads number of threads that computed
 * @param kernels the kernels that computed, among those that differ in speed; null in directories of older versions
 * @param createdAt ISO 8601, UTC, to the second
 * @param stopTokens tokens that end a response; null in directories of older versions
 */
public record Provenance(
        FileHash model,
        @Nullable FileHash data,
        Map<String, Object> config,
        long seed,
        String commit,
        String upbeat,
        String jdk,
        String os,
        String libtorch,
        String cpu,
        int threads,
        @Nullable String kernels,
        String createdAt,
        @Nullable List<StopToken> stopTokens) {

    /**
     * Provenance of a result made now on this machine.
     *
     * @param stopTokens tokens that end a response
     */
    public static Provenance ofThisMachine(
            FileHash model,
            @Nullable FileHash data,
            Map<String, Object> config,
            long seed,
            String libtorch,
            int threads,
            String kernels,
            List<StopToken> stopTokens) {
        return new Provenance(
                model,
                data,
                config,
                seed,
                Build.commit(),
                Build.version(),
                System.getProperty("java.runtime.version") + " " + System.getProperty("java.vendor"),
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"),
                libtorch,
                Objects.requireNonNullElse(Processor.here().model(), System.getProperty("os.arch")),
                threads,
                kernels,
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                List.copyOf(stopTokens));
    }
}
