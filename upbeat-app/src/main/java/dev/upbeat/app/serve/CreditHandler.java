package dev.upbeat.app.serve;

import dev.upbeat.app.credit.RowCredit;
import dev.upbeat.app.serve.ServiceMetrics.Stage;
import dev.upbeat.credit.Credit;
import dev.upbeat.credit.CreditOptions;
import dev.upbeat.io.BadInputException;
import dev.upbeat.trace.Step;
import dev.upbeat.trace.Trace;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.io.IOException;
import java.util.List;

/** {@code POST /v1/credit}: a weight for each response token, as {@code upbeat credit} gives it for the measured traces. */
final class CreditHandler implements Handler {
    private final Admission admission;
    private final Measuring measuring;
    private final ServiceMetrics metrics;
    private final int mostTokens;

    CreditHandler(Admission admission, Measuring measuring, ServiceMetrics metrics, int mostTokens) {
        this.admission = admission;
        this.measuring = measuring;
        this.metrics = metrics;
        this.mostTokens = mostTokens;
    }

    @Override
    public void handle(Context context) throws IOException {
        try (Admission.Place place = admission.enter()) {
            long start = System.nanoTime();
            MeasureRequest request = RequestBody.measure(context, place, MeasureRequest.CREDIT, mostTokens);
            metrics.took(Stage.READ, start);
            List<String> columns = Columns.of(request.field("columns"), List.of());
            CreditOptions options = CreditJson.options(request.field("strategy"), request.field("options"));
            Credit credit = options.credit();
            float[] advantages = advantages(request, credit, options.strategy());
            long seed = request.seed();
            long number = request.step();
            Measuring.Result result = measuring.measure(request, columns, credit.needs());
            long measured = System.nanoTime();
            List<String> ids = result.traces().stream().map(Trace::id).toList();
            Step step = Step.measured(seed, number, ids, result.seen().observations(), advantages);
            List<RowCredit> credits = RowCredit.of(credit, step);
            if (RequestBody.answersSafetensors(context)) {
                context.contentType(RequestBody.SAFETENSORS)
                        .result(AnswerSafetensors.credits(result, credits, columns));
            } else {
                context.contentType(RequestBody.JSON).result(AnswerJson.credits(result, credits, columns));
            }
            metrics.took(Stage.ANSWER, measured);
        }
    }

    /** The advantages, NaN where the request has none, [B]. */
    private static float[] advantages(MeasureRequest request, Credit credit, String strategy) {
        float[] advantages = new float[request.traces().size()];
        for (int i = 0; i < advantages.length; i++) {
            MeasureRequest.TraceRow row = request.traces().get(i);
            if (row.advantage() == null && credit.needs().contains(Credit.ADVANTAGE)) {
                throw new BadInputException("row " + row.id() + " has no advantage, which strategy " + strategy
                        + " with these options needs; give one with each trace");
            }
            advantages[i] =
                    row.advantage() == null ? Float.NaN : row.advantage().floatValue();
        }
        return advantages;
    }
}
