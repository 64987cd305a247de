package dev.upbeat.app.serve;

import com.fasterxml.jackson.databind.JsonNode;
import dev.upbeat.io.BadInputException;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code POST /v1/weights}: replaces the weights by those of a directory. */
final class WeightsHandler implements Handler {
    private static final int LONGEST_PATH = 4000;

    private final Admission admission;
    private final @Nullable WeightsLoader loader;

    /** @param loader null if the service was started without a root for weights */
    WeightsHandler(Admission admission, @Nullable WeightsLoader loader) {
        this.admission = admission;
        this.loader = loader;
    }

    @Override
    public void handle(Context context) throws IOException {
        if (loader == null) {
            throw new Refusal(403, "weights cannot be loaded; start the service with --weights-root DIR");
        }
        String path;
        try (Admission.Place place = admission.enter()) {
            path = path(JsonReading.tree(RequestBody.json(context, place), List.of("path"))
                    .path("path"));
        }
        long version = loader.load(path);
        context.contentType("application/json").result("{\"weights_version\":" + version + "}");
    }

    private static String path(JsonNode given) {
        if (!given.isTextual()
                || given.textValue().isEmpty()
                || given.textValue().length() > LONGEST_PATH) {
            throw new BadInputException("path is " + (given.isMissingNode() ? "missing" : JsonReading.shown(given))
                    + "; expected a directory inside --weights-root");
        }
        return given.textValue();
    }
}
