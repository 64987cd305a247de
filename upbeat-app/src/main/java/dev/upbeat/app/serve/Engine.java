package dev.upbeat.app.serve;

import dev.upbeat.observe.ObservedTraces;
import dev.upbeat.observe.Observer;
import dev.upbeat.observe.RhythmOptions;
import dev.upbeat.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Measures the traces of requests, one batch of requests after the other, on a thread of its own. The number of waiting
 * requests is bounded by {@link Admission}.
 */
final class Engine implements AutoCloseable {
    /** Requests share a batch up to this many tokens; the observer's own batches have as many. */
    private static final int BATCH_TOKENS = 4096;

    private final BlockingQueue<Job> queue = new LinkedBlockingQueue<>();
    private final long batchWaitNanos;
    private final Thread thread;
    private volatile boolean closed;

    /** @param batchWaitNanos how long a request waits for others to share its batch */
    Engine(long batchWaitNanos) {
        this.batchWaitNanos = batchWaitNanos;
        this.thread = new Thread(this::run, "observer");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * One request's traces.
     *
     * @param model held until the result is there
     * @param result of the traces; cancelled if nobody waits for it
     */
    record Job(ServedModel model, List<Trace> traces, RhythmOptions options, CompletableFuture<ObservedTraces> result) {
        int tokens() {
            return traces.stream().mapToInt(Trace::length).sum();
        }

        boolean sharesPassWith(Job other) {
            return model == other.model && options.equals(other.options);
        }
    }

    /**
     * Queues traces.
     *
     * @param model held by the caller; the engine holds it too until the traces are measured
     */
    CompletableFuture<ObservedTraces> observe(ServedModel model, List<Trace> traces, RhythmOptions options) {
        model.hold();
        Job job = new Job(model, traces, options, new CompletableFuture<>());
        queue.add(job);
        return job.result();
    }

    private void run() {
        while (!closed) {
            try {
                Job first = queue.take();
                measure(batch(first));
            } catch (InterruptedException e) {
                break;
            }
        }
        for (Job job = queue.poll(); job != null; job = queue.poll()) {
            job.result().completeExceptionally(new Refusal(503, "the service is stopping"));
            job.model().release();
        }
    }

    /** The request and those that arrive within the wait, up to a batch of tokens. */
    private List<Job> batch(Job first) throws InterruptedException {
        List<Job> jobs = new ArrayList<>(List.of(first));
        long end = System.nanoTime() + batchWaitNanos;
        int tokens = first.tokens();
        while (tokens < BATCH_TOKENS) {
            Job next = queue.poll(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            if (next == null) {
                break;
            }
            jobs.add(next);
            tokens += next.tokens();
        }
        return jobs;
    }

    private static void measure(List<Job> jobs) {
        for (Job job : jobs) {
            measure(job);
        }
    }

    private static void measure(Job job) {
        try {
            if (!job.result().isDone()) {
                job.result().complete(new Observer(job.model().decoder(), job.options()).observe(job.traces()));
            }
        } catch (RuntimeException | Error e) {
            job.result().completeExceptionally(e);
        } finally {
            job.model().release();
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
