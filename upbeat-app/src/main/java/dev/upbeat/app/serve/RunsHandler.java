package dev.upbeat.app.serve;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.io.IOException;

/** {@code GET /v1/runs}: the names of the runs, and where each stands. */
final class RunsHandler implements Handler {
    private final RunsRoot runs;
    private final RunStates states;

    RunsHandler(RunsRoot runs, RunStates states) {
        this.runs = runs;
        this.states = states;
    }

    @Override
    public void handle(Context context) throws IOException {
        ObjectNode answer = JsonReading.mapper().createObjectNode();
        ArrayNode names = answer.putArray("runs");
        runs.names().forEach(names::add);
        ArrayNode summaries = answer.putArray("states");
        states.all().forEach(summary -> summaries.add(summary.json()));
        context.contentType(RequestBody.JSON).result(answer.toString());
    }
}
