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
 * Threads that run independent batches at the same time, one batch per thread. The operatorThreads of a small model are
 * so short that splitting each of them among threads spends a quarter of the time on waiting.
 *
 * <p>Scopes and {@link org.bytedeco.pytorch.AutoGradMode} belong to a thread: each task opens its own.
 */
public final class Workers {
    /** Number of weights of the largest model whose batches run in parallel: see docs/decisions.md. */
    private static final long MAX_WEIGHTS = 10_000_000;

    private static final BlockingQueue<Runnable> QUEUE = new LinkedBlockingQueue<>();
    private static int started;

    private final int count;

    private Workers(int count) {
        this.count = count;
    }

    /**
     * One worker per operator thread for a small model; one worker for a model whose operatorThreads are large enough
     * for all threads.
     *
     * @param weights number of the model's weights
     */
    public static Workers forModel(long weights) {
        return new Workers(weights <= MAX_WEIGHTS ? Libtorch.threads() : 1);
    }

    /** Number of tasks that run at the same time. */
    public int count() {
        return count;
    }

    /**
     * Runs the tasks 0 to {@code tasks - 1}, started in this order, and returns when all have ended. A single task runs
     * on the calling thread, and so do all tasks if there is one worker; their operatorThreads use all threads. After a
     * failure no further task starts.
     *
     * @param task is given its number; must not call this method
     * @throws RuntimeException the exception of the failed task with the lowest number, unchanged; errors are rethrown
     *     too
     */
    public void run(int tasks, IntConsumer task) {
        if (count == 1 || tasks <= 1) {
            for (int i = 0; i < tasks; i++) {
                task.accept(i);
            }
            return;
        }
        start(count);
        int workers = Math.min(count, tasks);
        AtomicInteger next = new AtomicInteger();
        AtomicBoolean failed = new AtomicBoolean();
        @Nullable Throwable[] failures = new Throwable[tasks];
        CountDownLatch running = new CountDownLatch(workers);
        for (int worker = 0; worker < workers; worker++) {
            QUEUE.add(() -> {
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

    /**
     * Waits even if interrupted: tasks use tensors of the caller, which must not be freed before the tasks have ended.
     */
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

    /** Starts missing threads. They are kept for the next call. */
    private static synchronized void start(int workers) {
        if (started >= workers) {
            return;
        }
        int operatorThreads = Libtorch.threads();
        while (started < workers) {
            CountDownLatch ready = new CountDownLatch(1);
            Thread thread = new Thread(() -> serve(ready), "worker " + started);
            thread.setDaemon(true);
            thread.start();
            await(ready);
            started++;
        }
        // torch.set_num_threads in a worker also changes the default of threads that start later.
        torch.set_num_threads(operatorThreads);
    }

    private static void serve(CountDownLatch ready) {
        torch.get_num_threads(); // the first call copies the default and must come before the next line
        torch.set_num_threads(1);
        ready.countDown();
        try {
            while (true) {
                QUEUE.take().run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nothing interrupts a worker
        }
    }
}
