package dev.upbeat.app.serve;

import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Settings of the service.
 *
 * @param host address to listen on
 * @param port to listen on; 0 for a free one
 * @param token secret that every call but {@code /healthz} must give; null for none
 * @param runs directory of run directories; null for none
 * @param weightsRoot directory that weights may be loaded from; null if none may be loaded
 * @param allowedOrigins origins of other sites whose pages may call the service
 * @param allowedHosts further names in the Host header that are the service's own
 * @param limits of requests
 */
public record ServeOptions(
        String host,
        int port,
        @Nullable String token,
        @Nullable Path runs,
        @Nullable Path weightsRoot,
        Set<String> allowedOrigins,
        Set<String> allowedHosts,
        Limits limits) {
    public ServeOptions {
        allowedOrigins = Set.copyOf(allowedOrigins);
        allowedHosts = Set.copyOf(allowedHosts);
    }
}
