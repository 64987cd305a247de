package dev.upbeat.app.report;

import java.util.List;

/**
 * Content of a report.
 *
 * @param runs at least one; several are shown side by side, in this order
 */
public record ReportData(List<RunReport> runs) {
    /** Most runs that a reader can tell apart on a page. */
    public static final int MOST_RUNS = 8;

    public ReportData {
        runs = List.copyOf(runs);
        if (runs.isEmpty() || runs.size() > MOST_RUNS) {
            throw new IllegalArgumentException(runs.size() + " runs; a report shows 1 to " + MOST_RUNS);
        }
    }
}
