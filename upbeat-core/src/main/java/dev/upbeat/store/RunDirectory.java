package dev.upbeat.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.upbeat.io.BadInputException;
import dev.upbeat.trace.HeadGroups;
import dev.upbeat.trace.HeadRhythm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A finished run, to be read.
 *
 * @param path the directory
 * @param config every option, resolved
 * @param heads the head groups that the traces were measured with
 */
public record RunDirectory(Path path, Map<String, Object> config, Provenance provenance, HeadGroups heads) {
    private static final TypeReference<Map<String, Object>> CONFIG = new TypeReference<>() {};

    /** @throws BadInputException where the directory is not there, or a piece of it is missing or broken */
    public static RunDirectory open(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new BadInputException(directory + ": no such directory; expected a run directory");
        }
        file(directory, RunFiles.TRACES);
        return new RunDirectory(
                directory,
                parse(file(directory, RunFiles.CONFIG), file -> RunFiles.YAML.readValue(file.toFile(), CONFIG)),
                parse(
                        file(directory, RunFiles.PROVENANCE),
                        file -> RunFiles.JSON.readValue(file.toFile(), Provenance.class)),
                HeadsFile.read(file(directory, RunFiles.HEADS)));
    }

    private static Path file(Path directory, String name) {
        Path file = directory.resolve(name);
        if (!Files.isRegularFile(file)) {
            throw new BadInputException(directory + ": has no " + name + "; expected a finished run's directory");
        }
        return file;
    }

    private interface Parser<T> {
        T parse(Path file) throws IOException;
    }

    private static <T> T parse(Path file, Parser<T> parser) throws IOException {
        try {
            T value = parser.parse(file);
            if (value == null) {
                throw new BadInputException(file + ": is empty; expected what the run wrote there");
            }
            return value;
        } catch (JsonProcessingException e) {
            throw new BadInputException(
                    file + ": not what a run writes there (" + e.getOriginalMessage() + "); measure the run again", e);
        }
    }

    /**
     * Reads {@code traces.parquet} row by row, in its order; a row need not stay in memory.
     *
     * @throws BadInputException where a row is not what a run writes
     */
    public void forEachTrace(Consumer<RunRow> action) {
        TraceReader.read(path.resolve(RunFiles.TRACES), action);
    }

    /**
     * Every head's own series of a trace, by (layer, head); empty where the run kept none of it.
     *
     * @throws BadInputException where {@code head_series.parquet} is there and is not what a run writes
     */
    public List<HeadRhythm> headSeries(String trace) {
        Path file = path.resolve(RunFiles.HEAD_SERIES);
        return Files.exists(file) ? HeadSeriesParquet.read(file, trace) : List.of();
    }
}
