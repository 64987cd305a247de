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
    private final Admission admission;
    private final Measuring measuring;
    private final ModelHost host;
    private final NamedWeights named;
    private final int mostTokens;

    /** One comparison at a time: each holds a model in memory. */
    private final Semaphore comparing = new Semaphore(1);

    /** @param host whose tokenizer gives the texts of a report */
    CompareHandler(Admission admission, Measuring measuring, ModelHost host, NamedWeights named, int mostTokens) {
        this.admission = admission;
        this.measuring = measuring;
        this.host = host;
        this.named = named;
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
                boolean report = request.wantsReport();
                Measuring.Result a = measure(weights.get(0), request, null, report);
                Measuring.Result b = measure(weights.get(1), request, a.seen().groups(), report);
                Comparison compared = new Comparison(a, b);
                context.contentType(RequestBody.JSON)
                        .result(report ? compared.report(seed, weights, host) : compared.json(seed));
            } finally {
                comparing.release();
            }
        }
    }

    private Measuring.Result measure(String weights, MeasureRequest request, @Nullable HeadGroups fixed, boolean report)
            throws IOException {
        ServedModel model = named.hold(weights);
        try {
            return measuring.measure(model, request, fixed, report ? MeasuredReport.LINKS : 0);
        } finally {
            model.release();
        }
    }

    private static List<String> weights(JsonNode given) {
        boolean isPair = given.isArray() && given.size() == 2;
        if (!isPair || !isName(given.get(0)) || !isName(given.get(1))) {
            throw new BadInputException("weights is " + (given.isMissingNode() ? "missing" : JsonReading.shown(given))
                    + "; expected two of GET /v1/weights: directories inside --weights-root, run:NAME/checkpoint-N, or \""
                    + NamedWeights.CURRENT + "\"");
        }
        return List.of(given.get(0).textValue(), given.get(1).textValue());
    }

    private static boolean isName(JsonNode given) {
        return given.isTextual()
                && !given.textValue().isEmpty()
                && given.textValue().length() <= 4000;
    }
}
