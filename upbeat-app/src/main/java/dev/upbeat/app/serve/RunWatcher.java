package dev.upbeat.app.serve;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for changes of the runs while somebody listens: new runs, deleted runs, new lines of metrics, new traces, new states. A run that is
 * deleted meanwhile is no error.
 */
final class RunWatcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunWatcher.class);
    private static final long PERIOD_MS = 1000;

    /** The last event. */
    static final String END = "end";

    private final RunsRoot runs;
    private final RunStates states;
    private final Set<BiConsumer<String, String>> listeners = ConcurrentHashMap.newKeySet();
    private final Thread thread;
    private List<String> names = List.of();
    private final Map<String, Long> offsets = new HashMap<>();
    private final Map<String, List<Long>> steps = new HashMap<>();
    private final Map<String, RunSummary> summaries = new HashMap<>();

    RunWatcher(RunsRoot runs, RunStates states) {
        this.runs = runs;
        this.states = states;
        this.thread = new Thread(this::run, "run-watcher");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Adds a listener, which hears of all changes from now on.
     *
     * @param listener called with an event's name and its JSON; must not block
     */
    synchronized void add(BiConsumer<String, String> listener) {
        if (listeners.isEmpty()) {
            tryToLook(false);
        }
        listeners.add(listener);
    }

    void remove(BiConsumer<String, String> listener) {
        listeners.remove(listener);
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(PERIOD_MS);
                if (!listeners.isEmpty()) {
                    tryToLook(true);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void tryToLook(boolean tell) {
        try {
            look(tell);
        } catch (IOException | RuntimeException e) {
            LOG.debug("cannot look for changes of the runs: {}", e.toString());
        }
    }

    /** @param tell false for the first look, after which changes count */
    private void look(boolean tell) throws IOException {
        List<String> now = runs.isGone() ? List.of() : runs.names();
        if (!now.equals(names)) {
            ObjectNode event = JsonReading.mapper().createObjectNode();
            now.forEach(event.putArray("runs")::add);
            send("runs", event.toString(), tell);
            names = now;
        }
        for (String name : now) {
            try {
                look(name, tell);
            } catch (IOException | RuntimeException e) {
                LOG.debug("run {} cannot be read: {}", name, e.toString());
            }
        }
        for (RunSummary summary : now.isEmpty() ? List.<RunSummary>of() : states.all()) {
            if (!summary.equals(summaries.put(summary.name(), summary))) {
                send("state", summary.json().toString(), tell);
            }
        }
        offsets.keySet().retainAll(now);
        steps.keySet().retainAll(now);
        summaries.keySet().retainAll(now);
    }

    private void look(String name, boolean tell) throws IOException {
        long from = tell ? offsets.getOrDefault(name, 0L) : Math.max(0, runs.metricBytes(name) - RunsRoot.CHUNK);
        RunsRoot.Lines lines = runs.metrics(name, from);
        offsets.put(name, lines.next());
        if (!lines.lines().isEmpty()) {
            send(
                    "metrics",
                    "{\"run\":\"" + name + "\"," + RunMetricsHandler.json(lines).substring(1),
                    tell);
        }
        List<Long> now = runs.traceSteps(name);
        if (!now.equals(steps.put(name, now)) && !now.isEmpty()) {
            send("traces", "{\"run\":\"" + name + "\",\"step\":" + now.get(now.size() - 1) + "}", tell);
        }
    }

    private void send(String event, String json, boolean tell) {
        if (tell) {
            listeners.forEach(listener -> listener.accept(event, json));
        }
    }

    /** Tells the listeners of the last changes, and that there will be no more. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        tryToLook(true);
        send(END, "{}", true);
    }
}
