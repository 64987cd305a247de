package dev.upbeat.app.serve;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.io.IOException;

/** {@code GET /v1/weights}: the names of the weights that traces can be compared with. */
record WeightsListHandler(NamedWeights weights) implements Handler {
    @Override
    public void handle(Context context) throws IOException {
        ObjectNode answer = JsonReading.mapper().createObjectNode();
        ArrayNode names = answer.putArray("weights");
        weights.names().forEach(names::add);
        context.contentType(RequestBody.JSON).result(answer.toString());
    }
}
