package dev.upbeat.app.serve;

import dev.upbeat.io.ProcessMemory;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.function.LongSupplier;

/** Metrics of the service, for {@code GET /v1/metrics} in Prometheus's text format. */
final class ServiceMetrics {
    /** Parts of a request whose time is measured. */
    enum Stage {
        /** From the start of the body to the parsed request. */
        READ,
        /** From the queue to the start of the pass, the wait for a batch included. */
        QUEUE,
        /** The pass over the batch. */
        OBSERVE,
        /** Credit and the text of the answer. */
        ANSWER
    }

    private static final double NANOS = 1e9;

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Counter requests = Counter.builder()
            .name("upbeat_requests_total")
            .help("Answered requests by call and status.")
            .labelNames("call", "status")
            .register(registry);
    private final Counter tokens = Counter.builder()
            .name("upbeat_tokens_total")
            .help("Measured tokens, prompts included.")
            .register(registry);
    private final Histogram seconds = Histogram.builder()
            .name("upbeat_stage_seconds")
            .help("Time of a request by stage: read, queue, observe, answer.")
            .labelNames("stage")
            .classicUpperBounds(0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100)
            .classicOnly()
            .register(registry);

    ServiceMetrics() {
        gauge(
                "upbeat_resident_memory_bytes",
                "Resident memory of the process, mapped files included.",
                () -> new ProcessMemory(ProcessHandle.current().pid()).bytes());
    }

    /** Adds a number that is read when the metrics are. */
    void gauge(String name, String help, LongSupplier value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call(value.getAsLong()))
                .register(registry);
    }

    /** @param call path of the call, or a word for unknown paths, so that clients cannot add names */
    void answered(String call, int status) {
        requests.labelValues(call, String.valueOf(status)).inc();
    }

    void measured(int count) {
        tokens.inc(count);
    }

    /** Adds the time of a stage since {@code startNanos}, and returns the time now. */
    long took(Stage stage, long startNanos) {
        long now = System.nanoTime();
        seconds.labelValues(stage.name().toLowerCase(Locale.ROOT)).observe((now - startNanos) / NANOS);
        return now;
    }

    byte[] text() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            PrometheusTextFormatWriter.create().write(bytes, registry.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
