package dev.upbeat.tensor;

import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Independent batches side by side, each on a thread of its own whose operators use that thread alone. A small model's
 * operators are so short that threads which share each of them wait for each other a quarter of the time.
 *
 * <p>Scopes and {@link org.bytedeco.pytorch.AutoGradMode} belong to a thread: a task opens its own.
 */
public final class Workers {
    /** Weights of the largest model whose batches run side by side: see docs/decisions.md. */
    private static final long MOST_WEIGHTS = 10_000_000;

    private static final BlockingQueue<Runnable> WAITING = new LinkedBlockingQueue<>();
    private static int started;

    private final int count;

    private Workers(int count) {
        this.count = count;
    }

    /**
     * As many as an operator has threads now; one where the operators are large enough for all of them.
     *
     * @param weights number of the model's weights
     */
    public static Workers forModel(long weights) {
        return new Workers(weights <= MOST_WEIGHTS ? Libtorch.threads() : 1);
    }

    /** Tasks that run at a time. */
    public int count() {
        return count;
    }

    /**
     * Runs the tasks 0 to {@code tasks - 1}, begun in this order, and returns when all have ended. A single task, or all where
     * there is one lane, run on the calling thread, whose operators use all threads. After a failure no task is begun.
     *
     * @param task told its number; not to call this method itself
     * @throws RuntimeException the failure of the first task that failed, as it was thrown; errors likewise
     */
    public void run(int tasks, IntConsumer task) {
        if (count == 1 || tasks <= 1) {
            for (int i = 0; i < tasks; i++) {
                task.accept(i);
            }
            return;
        }
        start(count);
        int lanes = Math.min(count, tasks);
        AtomicInteger next = new AtomicInteger();
        AtomicBoolean failed = new AtomicBoolean();
        @Nullable Throwable[] failures = new Throwable[tasks];
        CountDownLatch running = new CountDownLatch(lanes);
        for (int lane = 0; lane < lanes; lane++) {
            WAITING.add(() -> {
                for (int i = next.getAndIncrement(); i < tasks && !failed.get(); i = next.getAndIncrement()) {
                    try {
                        task.accept(i);
                    } catch (RuntimeException | Error e) {
                        failures[i] = e;
                        failed.set(true);
                    }
                }
                running.countDown();
            });
        }
        await(running);
        Arrays.stream(failures).filter(Objects::nonNull).findFirst().ifPresent(Workers::rethrow);
    }

    /** Tasks use what the caller owns: it must not leave before they have ended, whoever interrupts it. */
    private static void await(CountDownLatch latch) {
        boolean interrupted = false;
        while (true) {
            try {
                latch.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void rethrow(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) failure;
    }

    /** Threads that are there stay, asleep, for the next time. */
    private static synchronized void start(int lanes) {
        if (started >= lanes) {
            return;
        }
        int operators = Libtorch.threads();
        while (started < lanes) {
            CountDownLatch ready = new CountDownLatch(1);
            Thread thread = new Thread(() -> serve(ready), "lane " + started);
            thread.setDaemon(true);
            thread.start();
            await(ready);
            started++;
        }
        // What a thread sets for itself is also what threads that come later start with.
        torch.set_num_threads(operators);
    }

    private static void serve(CountDownLatch ready) {
        torch.get_num_threads(); // a thread takes over the common number at its first question, and would do so later
        torch.set_num_threads(1);
        ready.countDown();
        try {
            while (true) {
                WAITING.take().run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody interrupts a lane
        }
    }
}
