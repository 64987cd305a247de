package dev.upbeat.app.cli;

import java.io.PrintWriter;
import java.util.concurrent.CountDownLatch;

/**
 * Lets an interrupted command (SIGINT, SIGTERM) finish by itself: it polls {@link #asked}, and the process waits for it.
 */
final class GracefulStop implements AutoCloseable {
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Interruption interruption = Interruption.cleaningUpBy(this::stop);
    private final PrintWriter out;
    private final Runnable whenAsked;
    private volatile boolean asked;

    /** @param out the command's output, flushed here because the process ends without doing so */
    GracefulStop(PrintWriter out) {
        this(out, () -> {});
    }

    /** @param whenAsked called at once in another thread, for a command that cannot poll */
    GracefulStop(PrintWriter out, Runnable whenAsked) {
        this.out = out;
        this.whenAsked = whenAsked;
    }

    boolean asked() {
        return asked;
    }

    /** Both signals end the process in the same way after the command has ended. */
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
