package dev.upbeat.app.serve;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.upbeat.store.HeadsFile;
import dev.upbeat.store.RunDirectory;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.io.IOException;

/** {@code GET /v1/runs/{name}}: the configuration, head groups and trace steps of a run. */
final class RunHandler implements Handler {
    private final RunsRoot runs;

    RunHandler(RunsRoot runs) {
        this.runs = runs;
    }

    @Override
    public void handle(Context context) throws IOException {
        String name = context.pathParam("name");
        RunDirectory run = runs.open(name);
        ObjectNode answer = JsonReading.mapper().createObjectNode();
        answer.put("name", name);
        answer.put("kind", run.metrics() == null ? "analysis" : "training");
        answer.set("config", JsonReading.mapper().valueToTree(run.config()));
        answer.set("groups", run.heads() == null ? null : HeadsFile.json(run.heads()));
        var steps = answer.putArray("trace_steps");
        runs.traceSteps(name).forEach(steps::add);
        context.contentType(RequestBody.JSON).result(answer.toString());
    }
}
