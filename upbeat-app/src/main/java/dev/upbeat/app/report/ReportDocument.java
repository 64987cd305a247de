package dev.upbeat.app.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A report as one JSON document, for a page that gets its data over HTTP; its parts are described in {@code web/data.js}. */
public final class ReportDocument {
    private ReportDocument() {}

    /** {@code {"manifest": .., "traces": [..]}}, the traces run after run. Series of single heads are left out. */
    public static String of(ReportData report) throws IOException {
        List<String> traces = new ArrayList<>();
        for (RunReport run : report.runs()) {
            for (ReportRow row : run.rows()) {
                traces.add(TraceJson.trace(row));
            }
        }
        return "{\"manifest\":" + ReportJson.manifest(report) + ",\"traces\":[" + String.join(",", traces) + "]}";
    }
}
