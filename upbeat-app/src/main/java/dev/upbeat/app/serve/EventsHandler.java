package dev.upbeat.app.serve;

import io.javalin.http.Context;
import io.javalin.http.Handler;
import jakarta.servlet.ServletOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /v1/events}: changes of the runs as server-sent events {@code runs}, {@code metrics} and {@code traces}. A client
 * that does not keep up is disconnected; it reads the state again and reconnects.
 */
final class EventsHandler implements Handler {
    private static final Logger LOG = LoggerFactory.getLogger(EventsHandler.class);

    private static final int WAITING_EVENTS = 256;
    private static final long PING_SECONDS = 10;
    private static final String LAST = event(RunWatcher.END, "{}");

    private final RunWatcher watcher;
    private final Semaphore places;
    private final Limits limits;

    EventsHandler(RunWatcher watcher, Limits limits) {
        this.watcher = watcher;
        this.limits = limits;
        this.places = new Semaphore(limits.eventStreams());
    }

    /** Waits until every client has got the last event, for a second at most. */
    void awaitEnd() {
        try {
            if (places.tryAcquire(limits.eventStreams(), 1, TimeUnit.SECONDS)) {
                places.release(limits.eventStreams());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Open event streams. */
    int open() {
        return limits.eventStreams() - places.availablePermits();
    }

    @Override
    public void handle(Context context) {
        if (!places.tryAcquire()) {
            throw Refusal.busy("all " + limits.eventStreams() + " event streams are open");
        }
        BlockingQueue<String> events = new ArrayBlockingQueue<>(WAITING_EVENTS);
        AtomicBoolean slow = new AtomicBoolean();
        BiConsumer<String, String> listener = (event, json) -> {
            if (!events.offer(event(event, json))) {
                slow.set(true);
            }
        };
        watcher.add(listener);
        try {
            context.contentType("text/event-stream").header("X-Accel-Buffering", "no");
            send(context.res().getOutputStream(), events, slow); // Javalin's own stream does not flush
        } catch (IOException e) {
            LOG.debug("a client left its event stream");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            watcher.remove(listener);
            places.release();
        }
    }

    private static String event(String name, String json) {
        return "event: " + name + "\ndata: " + json + "\n\n";
    }

    private static void send(ServletOutputStream out, BlockingQueue<String> events, AtomicBoolean slow)
            throws IOException, InterruptedException {
        String next = event("connected", "{}");
        while (true) {
            out.write(next.getBytes(StandardCharsets.UTF_8));
            out.flush();
            if (slow.get() || next.equals(LAST)) {
                return;
            }
            String event = events.poll(PING_SECONDS, TimeUnit.SECONDS);
            next = event == null ? ": ping\n\n" : event;
        }
    }
}
