package dev.upbeat.hub;

import dev.upbeat.io.BadInputException;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Locale;

/** Translates an error response of the hub for the user, by status and X-Error-Code. */
final class HubRefusal {
    private static final String OFFLINE_HINT = " Set HF_HUB_OFFLINE=1 to use a copy in the cache.";

    private HubRefusal() {}

    /**
     * @return the exception to throw, a {@link HubUnreachableException} if another attempt may succeed
     * @throws BadInputException if the model or revision is missing or access is denied
     */
    static IOException of(HttpResponse<?> response, HubId id, HubSettings settings) {
        int status = response.statusCode();
        HttpHeaders headers = response.headers();
        if (status == 408 || status == 429 || status >= 500) {
            Instant now = Instant.now();
            RateLimit limit = RateLimit.of(headers, now);
            return new HubUnreachableException(
                    response.uri(),
                    "status " + status + (status == 429 ? ", " + limit.words(now) + more(settings) : asked(limit)),
                    null,
                    limit.remaining());
        }
        String page = settings.endpoint() + "/" + id.repository();
        if (status == 407) {
            throw new BadInputException("The proxy requires a user and a password (" + said(headers, status) + "): set "
                    + response.uri().getScheme().toUpperCase(Locale.ROOT)
                    + "_PROXY=http://USER:PASSWORD@HOST:PORT (with @ in the password as %40)");
        }
        if (settings.isEndpoint(response.uri())) {
            String code = headers.firstValue("X-Error-Code").orElse("");
            if (code.equals("RevisionNotFound")) {
                throw new BadInputException("There is no revision \"" + id.revision() + "\" of " + id.repository()
                        + " at " + settings.endpoint() + ". Choose a branch, tag or commit that " + page
                        + " lists, or leave \"@" + id.revision() + "\" out for main.");
            }
            if (code.equals("GatedRepo")) {
                throw new BadInputException(id.repository() + " is gated: accept its terms at " + page + ", then "
                        + signIn(settings) + OFFLINE_HINT);
            }
            boolean missing = status == 404 && code.isEmpty();
            // Without a token the hub does not distinguish private models from missing ones.
            boolean hidden = status == 401 && settings.token() == null;
            if (missing || hidden || code.equals("RepoNotFound")) {
                throw new BadInputException("There is no model \"" + id.repository() + "\" at " + settings.endpoint()
                        + ", or it is private, and no file or directory of this name exists either. Check the spelling; if"
                        + " it is private, "
                        + signIn(settings) + OFFLINE_HINT);
            }
            if (status == 401 || status == 403) {
                throw new BadInputException("Access to " + id.repository() + " is refused (" + said(headers, status)
                        + "). See " + page + ", then " + signIn(settings) + OFFLINE_HINT);
            }
        }
        return new IOException(HubUnreachableException.origin(response.uri()) + " refused to serve "
                + response.uri().getPath() + " of " + id + " (" + said(headers, status)
                + "). Run the same command again; if it fails again, see " + page + ".");
    }

    private static String signIn(HubSettings settings) {
        return settings.token() == null
                ? "set HF_TOKEN to an access token with read access to it (or run \"hf auth login\")."
                : "use an access token with read access to it: the token from HF_TOKEN or \"hf auth login\" has none.";
    }

    /** The server's message, shortened and without control characters. */
    private static String said(HttpHeaders headers, int status) {
        String words = headers.firstValue("X-Error-Message").orElse("").replaceAll("\\p{Cntrl}", " ");
        return "status " + status + (words.isBlank() ? "" : ": " + words.substring(0, Math.min(200, words.length())));
    }

    private static String asked(RateLimit limit) {
        return limit.remaining() == null
                ? ""
                : ", asking to wait " + limit.remaining().toSeconds() + " s";
    }

    private static String more(HubSettings settings) {
        return settings.token() == null ? ". Requests with a token (HF_TOKEN) have a higher limit" : "";
    }
}
