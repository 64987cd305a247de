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
 * Looks for changes of the runs while somebody listens: new runs, deleted runs, new lines of metrics, new traces. A run that is
 * deleted meanwhile is no error.
 */
final class RunWatcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunWatcher.class);
    private static final long PERIOD_MS = 500;

    private final RunsRoot runs;
    private final Set<BiConsumer<String, String>> listeners = ConcurrentHashMap.newKeySet();
    private final Thread thread;
    private List<String> names = List.of();
    private final Map<String, Long> offsets = new HashMap<>();
    private final Map<String, List<Long>> steps = new HashMap<>();

    RunWatcher(RunsRoot runs) {
        this.runs = runs;
        this.thread = new Thread(this::run, "run-watcher");
        thread.setDaemon(true);
        thread.start();
    }

    /** @param listener called with an event's name and its JSON; must not block */
    void add(BiConsumer<String, String> listener) {
        listeners.add(listener);
    }

    void remove(BiConsumer<String, String> listener) {
        listeners.remove(listener);
    }

    private void run() {
        boolean listened = false;
        while (!Thread.currentThread().isInterrupted()) {
            try {
                Thread.sleep(PERIOD_MS);
                boolean listening = !listeners.isEmpty();
                if (listening) {
                    look(listened);
                }
                listened = listening;
            } catch (InterruptedException e) {
                return;
            } catch (IOException | RuntimeException e) {
                LOG.warn("cannot look for changes of the runs: {}", e.toString());
            }
        }
    }

    /** @param tell false for the first look, after which changes count */
    private void look(boolean tell) throws IOException {
        List<String> now = runs.names();
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
        offsets.keySet().retainAll(now);
        steps.keySet().retainAll(now);
    }

    private void look(String name, boolean tell) throws IOException {
        long from = offsets.getOrDefault(name, 0L);
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

    @Override
    public void close() {
        thread.interrupt();
    }
}
