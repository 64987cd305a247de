package dev.upbeat.app.cli;

import java.io.PrintWriter;
import java.util.concurrent.CountDownLatch;

/**
 * Lets a command that is told to stop (SIGINT, SIGTERM) come to a good end by itself: it asks {@link #asked} now and then, and
 * the process waits for it.
 */
final class GracefulStop implements AutoCloseable {
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Interruption interruption = Interruption.cleaningUpBy(this::stop);
    private final PrintWriter out;
    private final Runnable whenAsked;
    private volatile boolean asked;

    /** @param out where the command's result goes: the process ends without flushing it */
    GracefulStop(PrintWriter out) {
        this(out, () -> {});
    }

    /** @param whenAsked called at once, on a thread of its own, for a command that cannot ask now and then */
    GracefulStop(PrintWriter out, Runnable whenAsked) {
        this.out = out;
        this.whenAsked = whenAsked;
    }

    boolean asked() {
        return asked;
    }

    /** Both signals end the process alike, once the command has ended. */
    private void stop() {
        asked = true;
        whenAsked.run();
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
    }

    /** Ends the signal's wait for the command, even if the reader of the output is gone. */
    @Override
    public void close() {
        interruption.close();
        try {
            out.flush();
        } finally {
            ended.countDown();
        }
    }
}
