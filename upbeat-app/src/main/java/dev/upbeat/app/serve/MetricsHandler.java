package dev.upbeat.app.serve;

import io.javalin.http.Context;
import io.javalin.http.Handler;

/** {@code GET /v1/metrics}: the metrics in Prometheus's text format. */
final class MetricsHandler implements Handler {
    private final ServiceMetrics metrics;

    MetricsHandler(ServiceMetrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public void handle(Context context) {
        context.contentType("text/plain; version=0.0.4; charset=utf-8").result(metrics.text());
    }
}
