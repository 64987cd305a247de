package dev.upbeat.tokenizer;

import dev.upbeat.io.BadInputException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Time limit for native work that cannot be interrupted: its thread continues and ends with the process. */
final class TimeLimit {
    private static final int SECONDS = 22;

    private volatile boolean exceeded;

    /**
     * @param what names the work in messages: "encoding .."
     * @throws BadInputException if it takes longer
     */
    <T> T call(Supplier<T> work, String what) {
        FutureTask<T> task = new FutureTask<>(work::get);
        Thread thread = new Thread(task, "tokenizer");
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            exceeded = true;
            throw new BadInputException(
                    what + " took longer than " + SECONDS + " seconds; expected a text that the tokenizer's pattern"
                            + " splits faster. Shorten it, or give token ids.",
                    e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            exceeded = true; // the work goes on
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + what, e);
        }
    }

    /** Whether some work may still be running. */
    boolean exceeded() {
        return exceeded;
    }
}
