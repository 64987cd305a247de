package dev.upbeat.study.grid;

import dev.upbeat.store.OwnEntries;
import dev.upbeat.study.output.StudyFiles;
import dev.upbeat.study.output.StudyReport;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;

/**
 * What a grid has shown so far.
 *
 * @param command that gives it again
 * @param credits of the methods, in words
 * @param directories of the runs that are here, relative to the grid's
 */
public record GridStudy(
        GridConfig config,
        String command,
        GridTable table,
        Map<String, String> credits,
        Map<GridRun, FinishedRun> done,
        Map<GridRun, String> directories) {

    /**
     * The content of study.json.
     *
     * @param methods the credit of each, in words
     * @param rows of the runs that are done
     */
    record File(
            String study,
            String command,
            List<Long> seeds,
            List<String> baselines,
            Map<String, String> methods,
            GridTable table,
            List<FinishedRun> rows) {}

    public StudyReport report() {
        return new GridReport(this).report();
    }

    /** Writes study.json, study.md, figures and report.html into the grid's directory. */
    public void write() throws IOException {
        Files.createDirectories(config.out());
        OwnEntries.STUDY.requireOwnKinds(config.out());
        File file = new File(
                "grid", command, config.seeds(), config.baselines(), credits, table, List.copyOf(done.values()));
        StudyFiles.write(config.out(), report(), file);
    }
}
