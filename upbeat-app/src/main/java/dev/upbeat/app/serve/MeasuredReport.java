package dev.upbeat.app.serve;

import dev.upbeat.app.analyze.ReportBuilder;
import dev.upbeat.app.report.ReportRow;
import dev.upbeat.app.report.RunReport;
import dev.upbeat.store.RunRow;
import dev.upbeat.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Measured traces in the form that the page shows. */
final class MeasuredReport {
    /** Strongest earlier tokens of a response token that the page shows. */
    static final int LINKS = 8;

    private MeasuredReport() {}

    /**
     * One run of a report.
     *
     * @param name of the run on the page
     * @param host whose tokenizer gives the texts
     */
    static RunReport of(String name, Measuring.Result result, ModelHost host) {
        List<ReportRow> rows = new ArrayList<>();
        for (int i = 0; i < result.traces().size(); i++) {
            Trace trace = result.traces().get(i);
            Trace withTexts = new Trace(
                    trace.id(),
                    trace.promptIds(),
                    trace.responseIds(),
                    host.texts(trace.responseIds()),
                    trace.temperature(),
                    trace.reward());
            RunRow row = new RunRow(
                    withTexts,
                    host.texts(trace.promptIds()),
                    result.seen().observations().get(i));
            rows.add(ReportBuilder.row(row, List.of()));
        }
        return new RunReport(
                name,
                host.name(),
                "measured now",
                Map.of("weights version", String.valueOf(result.version())),
                Map.of(),
                result.seen().groups(),
                null,
                rows,
                List.of(),
                List.of(),
                List.of());
    }
}
