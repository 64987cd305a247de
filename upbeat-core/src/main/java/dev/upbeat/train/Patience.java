package dev.upbeat.train;

import dev.upbeat.task.endpoint.UnavailableException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits while a service is unavailable. Training pauses, and nothing is scored during the outage. */
final class Patience {
    private static final long SLICE_MILLIS = 200;

    private final Duration patience;
    private final Duration pause;
    private final TrainingListener listener;
    private volatile BooleanSupplier stop = () -> false;

    /**
     * @param patience longest wait in one outage
     * @param pause pause between two attempts
     * @param listener receives one warning per outage
     */
    Patience(Duration patience, Duration pause, TrainingListener listener) {
        this.patience = patience;
        this.pause = pause;
        this.listener = listener;
    }

    /** Ends every wait once the supplier returns true. */
    void stopWhen(BooleanSupplier asked) {
        stop = asked;
    }

    /**
     * The result of the first attempt that succeeds.
     *
     * @throws UnavailableException after the longest wait, or if waiting cannot help
     */
    <T> T await(Supplier<T> attempt) {
        long deadline = 0; // from the first failure: the attempt before it may have taken long
        for (boolean first = true; ; first = false) {
            try {
                return attempt.get();
            } catch (UnavailableException e) {
                deadline = first ? System.nanoTime() + patience.toNanos() : deadline;
                if (!e.mayPass() || stop.getAsBoolean() || System.nanoTime() >= deadline) {
                    throw e;
                }
                if (first) {
                    listener.warn(e.getMessage() + "; training waits up to " + patience.toSeconds()
                            + " s for it, and nothing is scored meanwhile");
                }
                waitForIt(deadline);
            }
        }
    }

    private void waitForIt(long deadline) {
        long end = Math.min(deadline, System.nanoTime() + pause.toNanos());
        try {
            while (System.nanoTime() < end && !stop.getAsBoolean()) {
                Thread.sleep(SLICE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a service", e);
        }
    }
}
