package dev.upbeat.hub;

import dev.upbeat.http.Proxies;
import dev.upbeat.io.BadInputException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Address of the hub, model cache and access, from the environment variables that huggingface_hub reads.
 *
 * @param endpoint the hub's address, without a slash at its end (HF_ENDPOINT)
 * @param cache the directory of {@code models--ORG--NAME} (HF_HUB_CACHE, HUGGINGFACE_HUB_CACHE or HF_HOME/hub)
 * @param token sent only to the endpoint (HF_TOKEN, HUGGING_FACE_HUB_TOKEN or the file that {@code hf auth login} writes)
 * @param offline whether no request is made (HF_HUB_OFFLINE or TRANSFORMERS_OFFLINE)
 * @param symlinks whether snapshots may link to their blobs (not with HF_HUB_DISABLE_SYMLINKS)
 * @param proxies by HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY
 */
record HubSettings(
        URI endpoint, Path cache, @Nullable String token, boolean offline, boolean symlinks, Proxies proxies) {
    private static final Set<String> TRUE = Set.of("1", "ON", "YES", "TRUE");

    /**
     * @throws BadInputException if HF_ENDPOINT is not a web address, or the token has characters that a token cannot have
     */
    static HubSettings of(Map<String, String> env) throws IOException {
        String userCache = firstSet(env, "XDG_CACHE_HOME");
        Path home = path(env, userCache == null ? "~/.cache/huggingface" : userCache + "/huggingface", "HF_HOME");
        return new HubSettings(
                endpoint(env),
                path(env, home.resolve("hub").toString(), "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"),
                token(env, path(env, home.resolve("token").toString(), "HF_TOKEN_PATH")),
                isTrue(firstSet(env, "HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")),
                !isTrue(firstSet(env, "HF_HUB_DISABLE_SYMLINKS")),
                Proxies.of(env));
    }

    /** Whether {@code uri} has the endpoint's scheme, host and port. */
    boolean isEndpoint(URI uri) {
        return endpoint.getScheme().equalsIgnoreCase(uri.getScheme())
                && endpoint.getHost().equalsIgnoreCase(uri.getHost())
                && port(endpoint) == port(uri);
    }

    /** Without the token, so that no log shows it. */
    @Override
    public String toString() {
        return "HubSettings[endpoint=" + endpoint + ", cache=" + cache + ", token=" + (token == null ? "none" : "set")
                + ", offline=" + offline + ", symlinks=" + symlinks + ", proxies=" + proxies + "]";
    }

    private static int port(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
    }

    private static URI endpoint(Map<String, String> env) {
        String given = firstSet(env, "HF_ENDPOINT");
        String text = (given == null ? "https://huggingface.co" : given).replaceAll("/+$", "");
        try {
            URI uri = new URI(text);
            boolean web = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            boolean port = uri.getPort() != 0 && uri.getPort() <= 65_535;
            if (web && port && uri.getHost() != null && uri.getQuery() == null && uri.getFragment() == null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // rejected below, like any other invalid address
        }
        throw new BadInputException("HF_ENDPOINT is \"" + text + "\", which is not a web address."
                + " Set it to one such as https://huggingface.co, or unset it.");
    }

    private static @Nullable String token(Map<String, String> env, Path file) throws IOException {
        String source = "HF_TOKEN";
        String text = firstSet(env, "HF_TOKEN", "HUGGING_FACE_HUB_TOKEN");
        if (text == null) {
            source = file.toString();
            try {
                text = Files.readString(file);
            } catch (NoSuchFileException e) {
                return null;
            }
        }
        String token = text.strip();
        if (!token.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new BadInputException(
                    "The access token in " + source + " has a space or a character that a token cannot"
                            + " have. Copy it again from the hub's settings (it starts with hf_), or unset it.");
        }
        return token.isEmpty() ? null : token;
    }

    private static Path path(Map<String, String> env, String otherwise, String... names) {
        String text = firstSet(env, names);
        String path = text == null ? otherwise : text;
        if (path.equals("~") || path.startsWith("~/")) {
            path = env.getOrDefault("HOME", System.getProperty("user.home")) + path.substring(1);
        }
        return Path.of(path).toAbsolutePath().normalize();
    }

    /** The value of the first of these variables that is set and not empty; null if none is. */
    private static @Nullable String firstSet(Map<String, String> env, String... names) {
        for (String name : names) {
            String value = env.get(name);
            if (value != null && !value.isBlank()) {
                return value;
            }
        }
        return null;
    }

    private static boolean isTrue(@Nullable String value) {
        return value != null && TRUE.contains(value.strip().toUpperCase(Locale.ROOT));
    }
}
