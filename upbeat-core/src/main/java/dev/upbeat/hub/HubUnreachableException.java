package dev.upbeat.hub;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** No usable response: no connection, a broken one, or an overloaded or failing server. A retry may succeed. */
final class HubUnreachableException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String whatHappened;

    /** The pause that the server asked for; null if it did not ask. */
    private final transient @Nullable Duration retryAfter;

    HubUnreachableException(URI uri, String reason, @Nullable Throwable cause, @Nullable Duration retryAfter) {
        super(
                "No usable answer from " + origin(uri) + ": " + reason
                        + ". Check the network (behind a proxy: HTTPS_PROXY=http://HOST:PORT) and HF_ENDPOINT, then run the same command again:"
                        + " what has been downloaded is kept and resumed.",
                cause);
        this.whatHappened = "No usable answer from " + origin(uri) + ": " + reason + ".";
        this.retryAfter = retryAfter;
    }

    HubUnreachableException(URI uri, IOException cause) {
        this(uri, reason(cause), cause, null);
    }

    /** The message without its advice. */
    String whatHappened() {
        return whatHappened;
    }

    @Nullable
    Duration retryAfter() {
        return retryAfter;
    }

    static String origin(URI uri) {
        return uri.getScheme() + "://" + uri.getRawAuthority();
    }

    /** Whether the host's name could not be resolved, which is rarely temporary. */
    boolean unknownHost() {
        return isUnknownHost(getCause());
    }

    private static boolean isUnknownHost(@Nullable Throwable e) {
        return e != null
                && (e instanceof UnresolvedAddressException
                        || e instanceof UnknownHostException
                        || isUnknownHost(e.getCause()));
    }

    /** The reason of a failure; java.net.http often gives no message. */
    private static String reason(IOException e) {
        if (isUnknownHost(e)) {
            return "the host name is unknown";
        }
        if (e instanceof HttpConnectTimeoutException) {
            return "connecting timed out";
        }
        if (e instanceof HttpTimeoutException) {
            return "no answer before the timeout";
        }
        if (e instanceof ConnectException) {
            return "the connection was refused";
        }
        return e.getMessage() == null || e.getMessage().isBlank() ? "the connection broke" : e.getMessage();
    }
}
