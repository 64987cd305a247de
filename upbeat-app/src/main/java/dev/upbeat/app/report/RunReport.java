package dev.upbeat.app.report;

import dev.upbeat.linkage.LinkageResult;
import dev.upbeat.linkage.PeakOverlap;
import dev.upbeat.store.MetricColumns;
import dev.upbeat.trace.HeadGroups;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Content of a report for one run.
 *
 * @param name distinguishes it from the other runs of the page
 * @param model name of the model, for display
 * @param data name of the prompts or traces
 * @param settings the resolved settings, in the order shown; a {@code preset} is also named in the page's head
 * @param provenance origin of the numbers (hashes, seed, commit, versions), in the order shown
 * @param heads the observed heads and their groups; null if unknown
 * @param metrics of a training's steps; null if the run is not a training
 * @param rows the traces, in the order shown
 * @param linkages the linkages of docs/method.md, section 4, by kind, then scope; empty if none could be computed
 * @param overlaps the overlap table (Table 20); empty if it was not computed
 * @param beat chunks and couplings, a sentence each; empty without traces
 */
public record RunReport(
        String name,
        String model,
        String data,
        Map<String, String> settings,
        Map<String, String> provenance,
        @Nullable HeadGroups heads,
        @Nullable MetricColumns metrics,
        List<ReportRow> rows,
        List<LinkageResult> linkages,
        List<PeakOverlap> overlaps,
        List<String> beat) {
    public RunReport {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        provenance = Collections.unmodifiableMap(new LinkedHashMap<>(provenance));
        rows = List.copyOf(rows);
        linkages = List.copyOf(linkages);
        overlaps = List.copyOf(overlaps);
        beat = List.copyOf(beat);
    }
}
