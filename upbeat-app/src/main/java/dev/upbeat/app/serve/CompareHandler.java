package dev.upbeat.app.serve;

import com.fasterxml.jackson.databind.JsonNode;
import dev.upbeat.io.BadInputException;
import dev.upbeat.trace.HeadGroups;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /v1/compare}: measures the same traces with two checkpoints, both with the head groups of the first. The second
 * is opened when the first is closed, so one more model is in memory at a time.
 */
final class CompareHandler implements Handler {
    /** The name of the current weights. */
    private static final String CURRENT = "current";

    private final Admission admission;
    private final Measuring measuring;
    private final ModelHost host;
    private final @Nullable WeightsLoader loader;
    private final int mostTokens;

    /** One comparison at a time: each holds a model in memory. */
    private final Semaphore comparing = new Semaphore(1);

    /** @param loader null if only the current weights can be named */
    CompareHandler(
            Admission admission, Measuring measuring, ModelHost host, @Nullable WeightsLoader loader, int mostTokens) {
        this.admission = admission;
        this.measuring = measuring;
        this.host = host;
        this.loader = loader;
        this.mostTokens = mostTokens;
    }

    @Override
    public void handle(Context context) throws IOException {
        try (Admission.Place place = admission.enter()) {
            MeasureRequest request = RequestBody.measure(context, place, MeasureRequest.COMPARE, mostTokens);
            List<String> weights = weights(request.field("weights"));
            long seed = request.seed();
            if (!comparing.tryAcquire()) {
                throw Refusal.busy("other checkpoints are being compared");
            }
            try {
                Measuring.Result a = measure(weights.get(0), request, null);
                Measuring.Result b = measure(weights.get(1), request, a.seen().groups());
                context.contentType(RequestBody.JSON).result(new Comparison(a, b).json(seed));
            } finally {
                comparing.release();
            }
        }
    }

    private Measuring.Result measure(String weights, MeasureRequest request, @Nullable HeadGroups fixed)
            throws IOException {
        ServedModel model = weights.equals(CURRENT) ? host.hold() : open(weights);
        try {
            return measuring.measure(model, request, fixed, 0);
        } finally {
            model.release();
        }
    }

    private ServedModel open(String path) throws IOException {
        if (loader == null) {
            throw new Refusal(403, "weights cannot be loaded; start the service with --weights-root DIR");
        }
        return loader.open(path, 0);
    }

    private static List<String> weights(JsonNode given) {
        boolean isPair = given.isArray() && given.size() == 2;
        if (!isPair || !isName(given.get(0)) || !isName(given.get(1))) {
            throw new BadInputException("weights is " + (given.isMissingNode() ? "missing" : JsonReading.shown(given))
                    + "; expected two directories inside --weights-root, or \"" + CURRENT + "\"");
        }
        return List.of(given.get(0).textValue(), given.get(1).textValue());
    }

    private static boolean isName(JsonNode given) {
        return given.isTextual()
                && !given.textValue().isEmpty()
                && given.textValue().length() <= 4000;
    }
}
