package dev.upbeat.study.grid;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/results/countdown-grid/rows.jsonl against the configurations of today. */
class CommittedRowsTest {
    @TempDir
    private Path out;

    @Test
    void theCommittedRowsAreStillThoseOfTheExampleGrid() throws IOException {
        Files.copy(Path.of("../docs/results/countdown-grid/rows.jsonl"), out.resolve(GridConfig.ROWS));
        GridConfig config = GridConfig.read(
                        Path.of("../examples/countdown-grid.yaml"), List.of("model=../models/countdown"))
                .with(null, out);
        Grid grid = new Grid(config, true, (file, bytes, total) -> {});
        assertThat(grid.cells()).hasSize(21).allMatch(cell -> cell.state() == Grid.State.DONE);
    }
}
