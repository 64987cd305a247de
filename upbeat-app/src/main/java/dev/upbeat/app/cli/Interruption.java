package dev.upbeat.app.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a long command end in good order on SIGINT or SIGTERM. Without it the JVM stops at once, which is right for a
 * command that has nothing to save.
 *
 * <pre>{@code
 * try (Interruption interruption = Interruption.listen(Duration.ofSeconds(60))) {
 *     while (more && !interruption.requested()) { ... }
 *     save();
 *     return interruption.requested() ? ExitCode.INTERRUPTED : ExitCode.DONE;
 * }
 * }</pre>
 */
final class Interruption implements AutoCloseable {
    private final CountDownLatch finished = new CountDownLatch(1);
    private final Thread hook;
    private volatile boolean requested;

    private Interruption(Duration grace) {
        hook = new Thread(() -> awaitTheCommand(grace), "interruption");
    }

    /**
     * From now on a signal only sets {@link #requested}; the JVM ends, with the signal's own status, once {@link #close}
     * is called.
     *
     * @param grace how long the JVM waits for that
     */
    static Interruption listen(Duration grace) {
        Interruption interruption = new Interruption(grace);
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        return interruption;
    }

    /** Whether the command was told to stop; to be asked between two pieces of work. */
    boolean requested() {
        return requested;
    }

    @Override
    public void close() {
        finished.countDown();
        if (!requested) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // The signal came between the two lines: the hook finds the latch open.
            }
        }
    }

    private void awaitTheCommand(Duration grace) {
        requested = true;
        try {
            boolean inTime = finished.await(grace.toMillis(), TimeUnit.MILLISECONDS);
            if (!inTime) {
                System.err.println("upbeat: still busy " + grace.toSeconds() + " s after the signal, stopping anyway");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
