package dev.upbeat.study.grid;

import java.util.List;
import java.util.Map;

/**
 * Results of a grid so far.
 *
 * @param command the command line
 * @param credits credit of each method, as text
 * @param directories of the runs that are stored here, relative to the grid's
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
     * @param methods credit of each method, as text
     * @param rows of the runs that are done
     */
    public record File(
            String study,
            String command,
            List<Long> seeds,
            List<String> baselines,
            Map<String, String> methods,
            GridTable table,
            List<FinishedRun> rows) {}

    public File file() {
        return new File(
                "grid", command, config.seeds(), config.baselines(), credits, table, List.copyOf(done.values()));
    }
}
