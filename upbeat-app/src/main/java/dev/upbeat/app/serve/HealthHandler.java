package dev.upbeat.app.serve;

import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.util.function.BooleanSupplier;

/** {@code GET /healthz}: 200 if the service is ready, 503 while weights are loaded. */
final class HealthHandler implements Handler {
    private final BooleanSupplier loading;

    HealthHandler(BooleanSupplier loading) {
        this.loading = loading;
    }

    @Override
    public void handle(Context context) {
        boolean ready = !loading.getAsBoolean();
        context.status(ready ? 200 : 503)
                .contentType("application/json")
                .result(ready ? "{\"status\":\"ready\"}" : "{\"status\":\"loading weights\"}");
    }
}
