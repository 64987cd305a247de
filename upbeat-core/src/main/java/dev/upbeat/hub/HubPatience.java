package dev.upbeat.hub;

import dev.upbeat.http.Retries;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Time limits and retries of requests to the hub.
 *
 * @param connect longest wait for a connection
 * @param answer longest wait for the head of a response, and for each further part of its body
 * @param retries retries without progress; at most one if the host's name is unknown
 * @param firstPause before the first retry; doubled for each further one
 * @param longestPause limit of the doubling
 * @param longestRequested longest Retry-After that is obeyed; a longer one ends the retries
 * @param sleeper waits; replaced in tests
 */
record HubPatience(
        Duration connect,
        Duration answer,
        int retries,
        Duration firstPause,
        Duration longestPause,
        Duration longestRequested,
        Sleeper sleeper) {
    private static final Logger log = LoggerFactory.getLogger(HubPatience.class);

    static final HubPatience STANDARD = new HubPatience(
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            5,
            Duration.ofSeconds(1),
            Duration.ofSeconds(8),
            Duration.ofMinutes(2),
            duration -> Thread.sleep(duration.toMillis()));

    @FunctionalInterface
    interface Sleeper {
        void sleep(Duration duration) throws InterruptedException;
    }

    HubPatience withoutRetries() {
        return new HubPatience(connect, answer, 0, firstPause, longestPause, longestRequested, sleeper);
    }

    @FunctionalInterface
    interface Attempt<T> {
        T make() throws IOException;
    }

    /** Returns the result of the first attempt that reaches the hub. */
    <T> T persist(Attempt<T> attempt) throws IOException {
        Retries attempts = start();
        while (true) {
            try {
                return attempt.make();
            } catch (HubUnreachableException e) {
                pause(attempts, e);
            }
        }
    }

    Retries start() {
        return new Retries(retries, firstPause, longestPause);
    }

    /** Waits before the next attempt, or throws {@code failure} if there is none. */
    void pause(Retries attempts, HubUnreachableException failure) throws IOException {
        @Nullable Duration requested = failure.retryAfter();
        int most = failure.unknownHost() ? Math.min(1, retries) : retries;
        if (attempts.count() >= most || (requested != null && requested.compareTo(longestRequested) > 0)) {
            throw failure;
        }
        Duration doubling = attempts.next();
        Duration duration = requested == null ? doubling : requested;
        log.info("{} Retry {} of {} in {} s.", failure.whatHappened(), attempts.count(), most, duration.toSeconds());
        try {
            sleeper.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Interrupted while waiting to try again.");
        }
    }
}
