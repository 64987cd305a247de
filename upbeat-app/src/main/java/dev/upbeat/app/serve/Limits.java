package dev.upbeat.app.serve;

import dev.upbeat.io.BadInputException;
import java.time.Duration;

/**
 * Limits of the service.
 *
 * @param bodyMegabytes largest body of a request, MB (10^6 bytes)
 * @param requestTokens most tokens of one request, prompts included
 * @param queue most requests that wait or are measured at the same time
 * @param batchWait how long a request waits for others to share its batch
 * @param timeout time to read a request, and time to wait for its answer
 * @param eventStreams most event streams that are open at the same time
 */
public record Limits(
        int bodyMegabytes, int requestTokens, int queue, Duration batchWait, Duration timeout, int eventStreams) {
    /** The defaults of {@code upbeat serve}. */
    public static final Limits DEFAULTS =
            new Limits(64, 1 << 20, 64, Duration.ofMillis(5), Duration.ofSeconds(300), 32);

    private static final int LARGEST_BODY_MEGABYTES = 1024;

    /** An answer of all series of this many tokens is an array of bytes. */
    private static final int MOST_TOKENS = 1 << 26;

    public Limits {
        require("--max-body-mb", bodyMegabytes, 1, LARGEST_BODY_MEGABYTES);
        require("--max-request-tokens", requestTokens, 2, MOST_TOKENS);
        require("--queue", queue, 1, 10_000);
        require("--batch-wait-ms", batchWait.toMillis(), 0, 1000);
        require("--timeout", timeout.toSeconds(), 1, 86_400);
        require("--event-streams", eventStreams, 1, 1000);
    }

    private static void require(String option, long given, long least, long most) {
        if (given < least || given > most) {
            throw new BadInputException(option + " " + given + ": expected " + least + " to " + most);
        }
    }

    /** Largest body, bytes. */
    int bodyBytes() {
        return bodyMegabytes * 1_000_000;
    }
}
