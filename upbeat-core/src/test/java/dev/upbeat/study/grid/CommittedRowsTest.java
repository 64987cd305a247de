package dev.upbeat.study.grid;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.upbeat.train.config.TrainConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/results/countdown-grid/rows.jsonl against the configurations of today. */
class CommittedRowsTest {
    @TempDir
    private Path out;

    @Test
    void keysThatTheCommittedRowsLackAreReadAsAdded() throws IOException {
        JsonNode row = new ObjectMapper()
                .readTree(Files.readAllLines(Path.of("../docs/results/countdown-grid/rows.jsonl"))
                        .get(0));
        TrainConfig config =
                TrainConfig.read(Path.of("../examples/countdown-coupled.yaml"), List.of("model=../models/countdown"));
        Set<String> undeclared = new TreeSet<>(config.usual().keySet());
        undeclared.removeIf(
                key -> !row.path("config").at("/" + key.replace('.', '/')).isMissingNode());
        undeclared.removeAll(config.added().keySet());
        undeclared.removeIf(key ->
                key.startsWith("checkpoint.") || Map.of().equals(config.usual().get(key)));
        undeclared.remove("adapter"); // the hash of the weights covers it
        assertThat(undeclared)
                .as("a default that changes nothing is read by Section.added, not optional")
                .isEmpty();
    }

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
