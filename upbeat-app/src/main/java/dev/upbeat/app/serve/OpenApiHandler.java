package dev.upbeat.app.serve;

import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** {@code GET /v1/openapi.json}: the OpenAPI document of the service. */
final class OpenApiHandler implements Handler {
    @Override
    public void handle(Context context) throws IOException {
        try (InputStream document = OpenApiHandler.class.getResourceAsStream("openapi.json")) {
            context.contentType(RequestBody.JSON)
                    .result(Objects.requireNonNull(document, "openapi.json is on the class path")
                            .readAllBytes());
        }
    }
}
