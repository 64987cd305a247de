package dev.upbeat.app.serve;

import dev.upbeat.app.report.ReportData;
import dev.upbeat.app.report.ReportDocument;
import dev.upbeat.app.serve.ServiceMetrics.Stage;
import dev.upbeat.store.TraceFile;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** {@code POST /v1/observe}: the series of traces. */
final class ObserveHandler implements Handler {
    private final Admission admission;
    private final Measuring measuring;
    private final ModelHost host;
    private final ServiceMetrics metrics;
    private final int mostTokens;

    ObserveHandler(Admission admission, Measuring measuring, ModelHost host, ServiceMetrics metrics, int mostTokens) {
        this.admission = admission;
        this.measuring = measuring;
        this.host = host;
        this.metrics = metrics;
        this.mostTokens = mostTokens;
    }

    @Override
    public void handle(Context context) throws IOException {
        try (Admission.Place place = admission.enter()) {
            long start = System.nanoTime();
            MeasureRequest request = RequestBody.measure(context, place, MeasureRequest.OBSERVE, mostTokens);
            metrics.took(Stage.READ, start);
            if (request.wantsReport()) {
                context.contentType(RequestBody.JSON).result(report(request));
                return;
            }
            List<String> columns = Columns.of(request.field("columns"), TraceFile.SERIES);
            Measuring.Result result = measuring.measure(request, columns, Set.of());
            long measured = System.nanoTime();
            if (RequestBody.answersSafetensors(context)) {
                context.contentType(RequestBody.SAFETENSORS).result(AnswerSafetensors.observations(result, columns));
            } else {
                context.contentType(RequestBody.JSON).result(AnswerJson.observations(result, columns));
            }
            metrics.took(Stage.ANSWER, measured);
        }
    }

    private String report(MeasureRequest request) throws IOException {
        ServedModel model = host.hold();
        try {
            Measuring.Result result = measuring.measure(model, request, null, MeasuredReport.LINKS);
            return ReportDocument.of(new ReportData(List.of(MeasuredReport.of(host.name(), result, host))));
        } finally {
            model.release();
        }
    }
}
