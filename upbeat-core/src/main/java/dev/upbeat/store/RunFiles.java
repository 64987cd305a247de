package dev.upbeat.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.upbeat.io.AtomicFiles;
import dev.upbeat.io.BadInputException;
import dev.upbeat.io.InputFiles;
import dev.upbeat.json.ParseFault;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** File names of a run directory; writes and reads the small files. */
final class RunFiles {
    static final String CONFIG = "config.yaml";
    static final String PROVENANCE = "provenance.json";
    static final String HEADS = "heads.json";
    static final String HEAD_SERIES = "head_series.parquet";
    static final String TRACES = "traces.parquet";
    static final String STEPS = "traces";
    static final String METRICS = "metrics.jsonl";
    static final String EVAL = "eval.jsonl";
    static final String JUDGEMENTS = "judgements.jsonl";
    static final String LINKAGES_JSON = "linkages.json";
    static final String LINKAGES_TABLE = "linkages.md";

    /** Snake case; a missing property is an error, an unknown one is ignored. */
    static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** The same on one line. */
    static final ObjectWriter LINE = JSON.writer().without(SerializationFeature.INDENT_OUTPUT);

    /** Texts are quoted, so that no YAML reader takes 10:30 or off for a number or a boolean. */
    static final YAMLMapper YAML = YAMLMapper.builder(YAMLFactory.builder()
                    .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private RunFiles() {}

    /** @throws BadInputException if there is no such directory, or its name is empty, like that of an unset variable */
    static void requireDirectory(Path directory) {
        if (directory.toString().isEmpty()) {
            throw new BadInputException("the directory's name is empty; expected a run directory (. for this one)");
        }
        if (!Files.isDirectory(directory)) {
            throw new BadInputException(
                    directory + ": " + (Files.exists(directory) ? "is not a directory" : "no such directory")
                            + "; expected a run directory");
        }
    }

    /** Writes {@code config.yaml}: every option, resolved. */
    static void writeConfig(Path directory, Map<String, ?> config) throws IOException {
        AtomicFiles.writeString(directory.resolve(CONFIG), YAML.writeValueAsString(config));
    }

    /** Writes {@code provenance.json}. */
    static void writeProvenance(Path directory, Provenance provenance) throws IOException {
        AtomicFiles.writeString(directory.resolve(PROVENANCE), JSON.writeValueAsString(provenance) + "\n");
    }

    /** Parses a file. */
    @FunctionalInterface
    interface Parser<T> {
        /** Returns null if the file is empty. */
        @Nullable
        T parse(Path file) throws IOException;
    }

    /**
     * Reads a file of a run.
     *
     * @throws BadInputException if it is damaged or empty
     */
    static <T> T read(Path file, Parser<T> parser) {
        InputFiles.check(file);
        try {
            T value = parser.parse(file);
            if (value == null) {
                throw new BadInputException(file + ": is empty; expected the content that the run wrote");
            }
            return value;
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** The exception for a file of a run that cannot be read: bad input if it is damaged. */
    static RuntimeException unreadable(Path file, IOException e) {
        if (e instanceof JsonProcessingException json) {
            return damaged(file, ParseFault.placed(json), e);
        }
        return e instanceof CharConversionException || e instanceof CharacterCodingException
                ? damaged(file, "it is not UTF-8", e)
                : new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
    }

    /** Reads provenance.json, including those of older versions. */
    static Provenance provenance(Path file) {
        return read(file, path -> {
            JsonNode json = JSON.readTree(InputFiles.bytes(path, InputFiles.SETTINGS_BYTES));
            if (json instanceof ObjectNode object) {
                for (String later : List.of("stop_tokens", "kernels")) {
                    if (!object.has(later)) {
                        object.putNull(later);
                    }
                }
            }
            return JSON.treeToValue(json, Provenance.class);
        });
    }

    private static BadInputException damaged(Path file, String reason, IOException e) {
        return new BadInputException(
                file + ": not what a run writes there (" + reason
                        + "): it is damaged; put it back from a copy, or make the run again",
                e);
    }

    /** The trace files of a run, in the order of the steps; only {@code traces.parquet} if it exists. */
    static List<Path> traces(Path directory) throws IOException {
        Path whole = directory.resolve(TRACES).toAbsolutePath();
        if (Files.exists(whole)) {
            return List.of(whole);
        }
        Path steps = directory.resolve(STEPS).toAbsolutePath();
        if (!Files.isDirectory(steps)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(steps)) {
            return files.filter(file -> isOfAStep(String.valueOf(file.getFileName())))
                    .sorted(Comparator.comparingLong(file -> step(String.valueOf(file.getFileName()))))
                    .toList();
        }
    }

    /** Whether a name is that of a step's traces: step-000010.parquet. */
    static boolean isOfAStep(String name) {
        return name.matches("step-\\d{1,18}\\.parquet");
    }

    static long step(String name) {
        return Long.parseLong(name.replaceAll("\\D", ""));
    }
}
