package dev.upbeat.store;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.upbeat.io.BadInputException;
import dev.upbeat.trace.HeadGroups;
import dev.upbeat.trace.HeadRhythm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A run opened for reading: a finished one, or a training in progress.
 *
 * @param path the directory
 * @param config every option, resolved
 * @param heads the head groups that the traces were measured with, the latest ones for a training; null if none were
 *     written
 * @param metrics of a training; null for other runs
 */
public record RunDirectory(
        Path path,
        Map<String, Object> config,
        Provenance provenance,
        @Nullable HeadGroups heads,
        @Nullable MetricColumns metrics) {
    private static final TypeReference<Map<String, Object>> CONFIG = new TypeReference<>() {};

    /** @throws BadInputException if the directory is not there, or a piece of it is missing or broken */
    public static RunDirectory open(Path directory) throws IOException {
        RunFiles.requireDirectory(directory);
        KnownEntries.RUN.requireOwnKinds(directory);
        Path metrics = directory.resolve(RunFiles.METRICS);
        boolean training = Files.isRegularFile(metrics);
        if (!training) {
            file(directory, RunFiles.TRACES);
        }
        Path heads = training ? directory.resolve(RunFiles.HEADS) : file(directory, RunFiles.HEADS);
        return new RunDirectory(
                directory,
                RunFiles.read(
                        file(directory, RunFiles.CONFIG),
                        file -> RunFiles.YAML.readValue(Files.readString(file), CONFIG)),
                RunFiles.provenance(file(directory, RunFiles.PROVENANCE)),
                Files.isRegularFile(heads) ? HeadsFile.read(heads) : null,
                training ? RunFiles.read(metrics, MetricColumns::read) : null);
    }

    private static Path file(Path directory, String name) {
        Path file = directory.resolve(name);
        if (!Files.isRegularFile(file)) {
            throw new BadInputException(directory + ": has no " + name
                    + "; expected the directory of a finished run, or of a training with its " + RunFiles.METRICS);
        }
        return file;
    }

    /**
     * Reads {@code traces.parquet}, or a training's {@code traces/step-*.parquet} by steps, row by row in their order,
     * without keeping rows in memory.
     *
     * @throws BadInputException if a row is not what a run writes
     */
    public void forEachTrace(Consumer<RunRow> action) {
        traceFiles().forEach(file -> TraceReader.read(file, action));
    }

    /**
     * Reads the traces of one step of a training.
     *
     * @throws BadInputException if a row is not what a run writes, or the run has no traces of that step
     */
    public void forEachTrace(long step, Consumer<RunRow> action) {
        Path file = traceFiles().stream()
                .filter(each -> RunFiles.isOfAStep(String.valueOf(each.getFileName())))
                .filter(each -> RunFiles.step(String.valueOf(each.getFileName())) == step)
                .findFirst()
                .orElseThrow(() -> new BadInputException(
                        path + ": has no traces of step " + step + "; expected one of " + traceSteps()));
        TraceReader.read(file, action);
    }

    /**
     * The share of right answers to each held-out problem after a step of a training, in the problems' order; empty if
     * there was no evaluation at that step.
     *
     * @param benchmark whose problems; null for a training without benchmarks
     */
    public double[] accuracies(long step, @Nullable String benchmark) throws IOException {
        Path file = path.resolve(RunFiles.EVAL);
        if (!Files.exists(file)) {
            return new double[0];
        }
        try (Stream<String> lines = Files.lines(file)) {
            return lines.map(line -> RunFiles.read(file, ignored -> RunFiles.JSON.readTree(line)))
                    .filter(row -> row.path("step").asLong(-1) == step)
                    .filter(row -> Objects.equals(row.path("benchmark").textValue(), benchmark))
                    .mapToDouble(row -> row.path("accuracy").asDouble())
                    .toArray();
        } catch (UncheckedIOException e) { // of the stream of lines
            throw RunFiles.unreadable(file, Objects.requireNonNull(e.getCause()));
        }
    }

    /** The training steps that have traces, ascending; empty for other runs. */
    public List<Long> traceSteps() {
        return traceFiles().stream()
                .map(file -> String.valueOf(file.getFileName()))
                .filter(RunFiles::isOfAStep)
                .map(RunFiles::step)
                .toList();
    }

    private List<Path> traceFiles() {
        try {
            return RunFiles.traces(path);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list the traces of " + path + ": " + e.getMessage(), e);
        }
    }

    /**
     * The series of every head for one trace, by (layer, head); empty if the run has none for it.
     *
     * @throws BadInputException if {@code head_series.parquet} is there and is not what a run writes
     */
    public List<HeadRhythm> headSeries(String trace) {
        Path file = path.resolve(RunFiles.HEAD_SERIES);
        return Files.exists(file) ? HeadSeriesParquet.read(file, trace) : List.of();
    }
}
