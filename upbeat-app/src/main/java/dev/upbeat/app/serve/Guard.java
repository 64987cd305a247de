package dev.upbeat.app.serve;

import dev.upbeat.io.Digests;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Runs before every handler: checks the Host header (a page of another site could have its name resolved to this machine),
 * the Origin and the token, and sets the headers that every answer has.
 */
final class Guard implements Handler {
    /** The cookie that holds the token for the page. */
    static final String COOKIE = "upbeat_token";

    static final String BEARER = "bearer ";

    /** An address cannot be rebound, a name can. */
    private static final Pattern ADDRESS = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-f:.%]+]");

    private static final Pattern PORT = Pattern.compile(":\\d{1,5}$");

    private final byte @Nullable [] token;
    private final Set<String> origins;
    private final Set<String> hosts;
    private final String own;

    Guard(ServeOptions options) {
        this.token = options.token() == null ? null : digest(options.token());
        this.origins = options.allowedOrigins();
        this.hosts = options.allowedHosts();
        this.own = options.host().toLowerCase(Locale.ROOT);
    }

    @Override
    public void handle(Context context) {
        context.header("X-Content-Type-Options", "nosniff");
        context.header("Referrer-Policy", "no-referrer");
        context.header("Cache-Control", "no-store");
        context.header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'");
        checkHost(context.header("Host"));
        checkOrigin(context);
        boolean isOpen = context.path().equals("/healthz") || PageHandler.isPage(context);
        if (!isOpen && !isPreflight(context)) {
            checkToken(context);
        }
        if (isPreflight(context)) {
            context.status(204).skipRemainingHandlers();
        }
    }

    private void checkHost(@Nullable String header) {
        String name = header == null
                ? ""
                : PORT.matcher(header.toLowerCase(Locale.ROOT)).replaceFirst("");
        boolean known = name.equals("localhost")
                || name.equals(own)
                || hosts.contains(name)
                || ADDRESS.matcher(name).matches();
        if (!known) {
            throw new Refusal(
                    403,
                    "the Host header names another site; call the service by its address, or start it with --allow-host");
        }
    }

    /** Rejects requests from pages of other sites, and answers the allowed ones with CORS headers. */
    private void checkOrigin(Context context) {
        String origin = context.header("Origin");
        if (origin == null) {
            return;
        }
        if (origins.contains(origin)) {
            context.header("Access-Control-Allow-Origin", origin);
            context.header("Vary", "Origin");
            context.header("Access-Control-Allow-Headers", "Authorization, Content-Type");
            context.header("Access-Control-Allow-Methods", "GET, POST");
            return;
        }
        if (!origin.equalsIgnoreCase(context.scheme() + "://" + context.header("Host"))) {
            throw new Refusal(403, "the Origin is another site; start the service with --allow-origin to allow it");
        }
    }

    private boolean isPreflight(Context context) {
        return context.method().name().equals("OPTIONS")
                && context.header("Access-Control-Request-Method") != null
                && origins.contains(String.valueOf(context.header("Origin")));
    }

    private void checkToken(Context context) {
        if (token == null) {
            return;
        }
        String header = context.header("Authorization");
        String given = header != null && header.toLowerCase(Locale.ROOT).startsWith(BEARER)
                ? header.substring(BEARER.length()).strip()
                : fromCookie(context.cookie(COOKIE));
        if (given == null || !MessageDigest.isEqual(token, digest(given))) {
            context.header("WWW-Authenticate", "Bearer");
            throw new Refusal(401, "the token is missing or wrong; send Authorization: Bearer TOKEN");
        }
    }

    /** The token as the value of a cookie, which may not have every character. */
    static String cookieValue(String token) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token.getBytes(StandardCharsets.UTF_8));
    }

    private static @Nullable String fromCookie(@Nullable String value) {
        try {
            return value == null ? null : new String(Base64.getUrlDecoder().decode(value), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Equal lengths, so that the comparison takes the same time for every token. */
    private static byte[] digest(String token) {
        return Digests.sha256().digest(token.getBytes(StandardCharsets.UTF_8));
    }
}
