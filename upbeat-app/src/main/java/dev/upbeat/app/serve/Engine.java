package dev.upbeat.app.serve;

import dev.upbeat.app.serve.ServiceMetrics.Stage;
import dev.upbeat.observe.ObservedTraces;
import dev.upbeat.observe.Observer;
import dev.upbeat.observe.RhythmOptions;
import dev.upbeat.observe.SharedPass;
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
    private final ServiceMetrics metrics;
    private final Thread thread;
    private volatile boolean closed;

    /** @param batchWaitNanos how long a request waits for others to share its batch */
    Engine(long batchWaitNanos, ServiceMetrics metrics) {
        this.batchWaitNanos = batchWaitNanos;
        this.metrics = metrics;
        this.thread = new Thread(this::run, "observer");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * One request's traces.
     *
     * @param model held until the result is there
     * @param result of the traces; cancelled if nobody waits for it
     * @param queuedNanos time of the request's arrival
     */
    record Job(
            ServedModel model,
            List<Trace> traces,
            RhythmOptions options,
            CompletableFuture<ObservedTraces> result,
            long queuedNanos) {
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
        Job job = new Job(model, traces, options, new CompletableFuture<>(), System.nanoTime());
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

    /** Measures a batch: requests with the same weights and options in one pass, the others one by one. */
    private void measure(List<Job> jobs) {
        List<Job> left = new ArrayList<>(jobs);
        while (!left.isEmpty()) {
            Job first = left.get(0);
            List<Job> together = new ArrayList<>(List.of(first));
            if (SharedPass.canShare(first.options())) {
                left.stream().skip(1).filter(first::sharesPassWith).forEach(together::add);
            }
            left.removeAll(together);
            long start = System.nanoTime();
            together.forEach(job -> metrics.took(Stage.QUEUE, job.queuedNanos()));
            together.removeIf(Engine::isAbandoned);
            if (together.size() > 1) {
                measureTogether(together);
            } else {
                together.forEach(Engine::measureAlone);
            }
            metrics.took(Stage.OBSERVE, start);
            metrics.measured(together.stream().mapToInt(Job::tokens).sum());
        }
    }

    /** Whether nobody waits for the result any more. */
    private static boolean isAbandoned(Job job) {
        if (job.result().isDone()) {
            job.model().release();
            return true;
        }
        return false;
    }

    private static void measureTogether(List<Job> jobs) {
        Job first = jobs.get(0);
        try {
            List<ObservedTraces> results = new SharedPass(first.model().decoder(), first.options())
                    .observe(jobs.stream().map(Job::traces).toList());
            for (int i = 0; i < jobs.size(); i++) {
                jobs.get(i).result().complete(results.get(i));
                jobs.get(i).model().release();
            }
        } catch (RuntimeException | Error e) {
            jobs.forEach(Engine::measureAlone); // so that one request's fault is not that of the others
        }
    }

    private static void measureAlone(Job job) {
        try {
            job.result().complete(new Observer(job.model().decoder(), job.options()).observe(job.traces()));
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
