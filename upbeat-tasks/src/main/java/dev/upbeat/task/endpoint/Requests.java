package dev.upbeat.task.endpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Makes requests to a service, several at a time. */
public final class Requests {
    private Requests() {}

    /**
     * Returns the results in the order of the requests.
     *
     * @throws UnavailableException if a request fails; the others are then cancelled
     */
    public static <T> List<T> all(EndpointSettings settings, List<? extends Callable<T>> requests) {
        ExecutorService workers = Executors.newFixedThreadPool(
                Math.max(1, Math.min(settings.concurrency(), requests.size())), work -> worker(settings, work));
        try {
            List<Future<T>> pending = new ArrayList<>();
            for (Callable<T> request : requests) {
                pending.add(workers.submit(request));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> result : pending) {
                results.add(result.get());
            }
            return results;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException("asking the " + settings.name(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("interrupted while asking the " + settings.name(), false);
        } finally {
            workers.shutdownNow(); // cancels the others after a failure
        }
    }

    private static Thread worker(EndpointSettings settings, Runnable work) {
        Thread thread = new Thread(work, settings.service().title().replace(' ', '-'));
        thread.setDaemon(true);
        return thread;
    }
}
