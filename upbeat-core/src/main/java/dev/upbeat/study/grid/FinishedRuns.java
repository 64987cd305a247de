package dev.upbeat.study.grid;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.upbeat.io.AtomicFiles;
import dev.upbeat.io.BadInputException;
import dev.upbeat.io.InputFiles;
import dev.upbeat.json.ParseFault;
import dev.upbeat.store.EntryKind;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The rows file: one line per finished training. The file is replaced as a whole when a row is added, and may be
 * committed or copied.
 */
final class FinishedRuns {
    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final String BENCHMARKS = "benchmark_accuracies";

    private final Path file;
    private List<FinishedRun> runs;

    /** @throws BadInputException if a line was not written by a grid */
    FinishedRuns(Path file) throws IOException {
        this.file = file;
        this.runs = read();
    }

    private List<FinishedRun> read() throws IOException {
        List<FinishedRun> read = new ArrayList<>();
        List<String> lines = lines();
        for (int i = 0; i < lines.size(); i++) {
            String where = file + ", line " + (i + 1) + ": is not a row of a grid (";
            String remedy = "); delete the line to repeat its run";
            try {
                FinishedRun run = JSON.treeToValue(withBenchmarks(JSON.readTree(lines.get(i))), FinishedRun.class);
                if (run == null) {
                    throw new BadInputException(where + "it is null" + remedy);
                }
                read.add(run);
            } catch (JsonProcessingException e) {
                throw new BadInputException(where + ParseFault.reason(e) + remedy, e);
            }
        }
        return read;
    }

    /** Adds the benchmarks, as an empty mapping, to rows that lack them. */
    private static JsonNode withBenchmarks(JsonNode row) {
        return row instanceof ObjectNode fields && !fields.isEmpty() && !fields.has(BENCHMARKS)
                ? fields.set(BENCHMARKS, JSON.createObjectNode())
                : row;
    }

    private List<String> lines() throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        InputFiles.check(file);
        try {
            return Files.readAllLines(file);
        } catch (CharacterCodingException e) {
            throw new BadInputException(
                    file + ": not UTF-8; expected the rows file of a grid, or a new file " + "(rows: FILE)", e);
        }
    }

    /**
     * Checks, before a training starts, that rows can be written.
     *
     * @throws BadInputException if the directory cannot be created or written to
     */
    void requireWritable() {
        Path directory = Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file has a directory");
        if (Files.exists(directory) && !Files.isDirectory(directory)) {
            throw new BadInputException(directory + ": is a file; expected a directory for " + file.getFileName());
        }
        try {
            EntryKind.requireFile(file);
            Files.createDirectories(directory);
            Files.delete(Files.createTempFile(directory, ".rows", ".tmp"));
        } catch (IOException e) {
            throw new BadInputException(
                    file
                            + ": rows cannot be written there; expected a file in a directory that is writable (rows: FILE)",
                    e);
        }
    }

    /**
     * The latest row of a run.
     *
     * @param anyCode whether a row of other code is accepted
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
        runs = read(); // another grid may have written to the file
        runs.add(run);
        StringBuilder lines = new StringBuilder();
        for (FinishedRun each : runs) {
            lines.append(JSON.writeValueAsString(each)).append('\n');
        }
        Files.createDirectories(file.toAbsolutePath().getParent());
        AtomicFiles.writeString(file, lines.toString());
    }
}
