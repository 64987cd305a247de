package dev.upbeat.app.serve;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.io.IOException;

/** {@code GET /v1/runs}: the names of the runs. */
final class RunsHandler implements Handler {
    private final RunsRoot runs;

    RunsHandler(RunsRoot runs) {
        this.runs = runs;
    }

    @Override
    public void handle(Context context) throws IOException {
        ObjectNode answer = JsonReading.mapper().createObjectNode();
        ArrayNode names = answer.putArray("runs");
        runs.names().forEach(names::add);
        context.contentType(RequestBody.JSON).result(answer.toString());
    }
}
