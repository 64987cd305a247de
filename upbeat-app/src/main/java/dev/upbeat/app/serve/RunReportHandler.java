package dev.upbeat.app.serve;

import dev.upbeat.app.analyze.ReportBuilder;
import dev.upbeat.app.report.ReportData;
import dev.upbeat.app.report.ReportDocument;
import dev.upbeat.store.RunDirectory;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.io.IOException;
import java.util.List;

/**
 * {@code GET /v1/runs/{name}/report?step=N&limit=N}: some traces of a run in the form that the page shows, by default those of
 * the newest step.
 */
final class RunReportHandler implements Handler {
    private static final int USUAL_LIMIT = 16;
    private static final int MOST = 200;

    private final RunsRoot runs;

    RunReportHandler(RunsRoot runs) {
        this.runs = runs;
    }

    @Override
    public void handle(Context context) throws IOException {
        String name = context.pathParam("name");
        RunDirectory run = runs.open(name);
        List<Long> steps = run.traceSteps();
        long newest = steps.isEmpty() ? -1 : steps.get(steps.size() - 1);
        long step = QueryNumber.of(context, "step", newest);
        int limit = (int) Math.min(MOST, QueryNumber.of(context, "limit", USUAL_LIMIT));
        ReportData report = new ReportData(List.of(ReportBuilder.traces(run, name, step, limit)));
        context.contentType(RequestBody.JSON).result(ReportDocument.of(report));
    }
}
