package dev.upbeat.app.serve;

import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.io.IOException;

/** {@code GET /v1/runs/{name}/metrics?from=OFFSET}: the metrics of a training from an offset, as they grow. */
final class RunMetricsHandler implements Handler {
    private final RunsRoot runs;

    RunMetricsHandler(RunsRoot runs) {
        this.runs = runs;
    }

    @Override
    public void handle(Context context) throws IOException {
        RunsRoot.Lines lines = runs.metrics(context.pathParam("name"), QueryNumber.of(context, "from", 0));
        context.contentType(RequestBody.JSON).result(json(lines));
    }

    /** {@code {"from", "next", "metrics": [..]}}. */
    static String json(RunsRoot.Lines lines) {
        return "{\"from\":" + lines.from() + ",\"next\":" + lines.next() + ",\"metrics\":["
                + String.join(",", lines.lines()) + "]}";
    }
}
