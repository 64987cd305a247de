package dev.upbeat.study.grid;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.upbeat.io.AtomicFiles;
import dev.upbeat.io.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The rows file: a line a finished training, replaced whole whenever one is added. It may be committed and go elsewhere. */
final class FinishedRuns {
    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    private final Path file;
    private List<FinishedRun> runs;

    /** @throws BadInputException where a line is not what a grid wrote */
    FinishedRuns(Path file) throws IOException {
        this.file = file;
        this.runs = read();
    }

    private List<FinishedRun> read() throws IOException {
        List<FinishedRun> read = new ArrayList<>();
        List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
        for (int i = 0; i < lines.size(); i++) {
            try {
                read.add(JSON.readValue(lines.get(i), FinishedRun.class));
            } catch (JsonProcessingException e) {
                throw new BadInputException(
                        file + ", line " + (i + 1) + ": not what a grid writes there (" + e.getOriginalMessage()
                                + "); delete the line, and its run is done again",
                        e);
            }
        }
        return read;
    }

    /**
     * The row of a run, the latest where there are several.
     *
     * @param anyCode whether one by other code will do
     */
    synchronized Optional<FinishedRun> find(RunIdentity identity, boolean anyCode) {
        Optional<FinishedRun> same = latest(
                run -> run.inputs().equals(identity.inputs()) && run.code().equals(identity.code()));
        return same.isPresent() || !anyCode ? same : latest(run -> run.inputs().equals(identity.inputs()));
    }

    private Optional<FinishedRun> latest(Predicate<FinishedRun> of) {
        return runs.stream().filter(of).reduce((earlier, later) -> later);
    }

    synchronized void add(FinishedRun run) throws IOException {
        runs = read(); // another grid may share the file
        runs.add(run);
        StringBuilder lines = new StringBuilder();
        for (FinishedRun each : runs) {
            lines.append(JSON.writeValueAsString(each)).append('\n');
        }
        Files.createDirectories(file.toAbsolutePath().getParent());
        AtomicFiles.writeString(file, lines.toString());
    }
}
