package dev.upbeat.hub;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long to wait for the hub and how often to try again.
 *
 * @param connect for a connection
 * @param answer for the head of an answer, and for each further piece of its body
 * @param retries attempts after the first one that bring nothing new; one at most where the host's name is unknown
 * @param firstPause before the first retry; doubled for each further one
 * @param longestPause the doubling's end
 * @param longestRequested the longest Retry-After that is obeyed; a server that asks for more is given up
 * @param sleeper what waiting is
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

    /** The result of the first attempt that reaches the hub. */
    <T> T persist(Attempt<T> attempt) throws IOException {
        Retries retries = start();
        while (true) {
            try {
                return attempt.make();
            } catch (HubUnreachableException e) {
                retries.pause(e);
            }
        }
    }

    Retries start() {
        return new Retries();
    }

    /** The failures of one undertaking. */
    final class Retries {
        private int failures;
        private Duration pause = firstPause;

        /** Something new arrived: the count starts over. */
        void progressed() {
            failures = 0;
            pause = firstPause;
        }

        /** Waits before the next attempt, or throws {@code failure} where there is none. */
        void pause(HubUnreachableException failure) throws IOException {
            @Nullable Duration requested = failure.retryAfter();
            int most = failure.unknownHost() ? Math.min(1, retries) : retries;
            if (failures++ >= most || (requested != null && requested.compareTo(longestRequested) > 0)) {
                throw failure;
            }
            Duration duration = requested == null ? pause : requested;
            Duration doubled = pause.multipliedBy(2);
            pause = doubled.compareTo(longestPause) > 0 ? longestPause : doubled;
            log.info("{} Retry {} of {} in {} s.", failure.whatHappened(), failures, most, duration.toSeconds());
            try {
                sleeper.sleep(duration);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("Interrupted while waiting to try again.");
            }
        }
    }
}
