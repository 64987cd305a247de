package dev.upbeat.app.serve;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.store.Build;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/info}: version, model and limits. */
final class InfoHandler implements Handler {
    private final @Nullable ModelHost host;
    private final boolean runs;
    private final Limits limits;

    /**
     * @param host null if the service has no model
     * @param runs whether it shows runs
     */
    InfoHandler(@Nullable ModelHost host, boolean runs, Limits limits) {
        this.host = host;
        this.runs = runs;
        this.limits = limits;
    }

    @Override
    public void handle(Context context) throws IOException {
        ObjectNode info = JsonReading.mapper().createObjectNode();
        info.put("version", Build.version());
        info.put("commit", Build.commit());
        if (host == null) {
            info.putNull("model");
        } else {
            model(info.putObject("model"), host);
        }
        info.put("runs", runs);
        ObjectNode most = info.putObject("limits");
        most.put("max_body_mb", limits.bodyMegabytes());
        most.put("max_request_tokens", limits.requestTokens());
        most.put("queue", limits.queue());
        most.put("batch_wait_ms", limits.batchWait().toMillis());
        most.put("timeout_s", limits.timeout().toSeconds());
        most.put("event_streams", limits.eventStreams());
        var strategies = info.putArray("strategies");
        CreditJson.strategies().forEach(strategies::add);
        context.contentType("application/json").result(JsonReading.mapper().writeValueAsBytes(info));
    }

    private static void model(ObjectNode info, ModelHost host) {
        ServedModel model = host.hold();
        try {
            ModelConfig config = model.config();
            info.put("name", host.name());
            info.put("architecture", config.architecture().name());
            info.put("dtype", model.decoder().dtype().toString());
            info.put("layers", config.layers());
            info.put("heads", config.heads());
            info.put("context", config.context());
            info.put("vocabulary", config.vocabulary());
            info.put("chat_template", host.readsConversations());
            info.put("weights_version", model.version());
        } finally {
            model.release();
        }
    }
}
