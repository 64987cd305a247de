package dev.upbeat.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.upbeat.io.BadInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Responses to be judged, JSONL or Parquet: {@code {"id", "response"}} or, for several to each problem,
 * {@code {"id", "responses"}}, each id once. Of an {@code eval.jsonl} with several evaluations of a training, the last counts.
 */
public final class ResponseFile {
    private static final String EXAMPLE = "{\"id\": \"1\", \"response\": \"The answer is 4.\"}";

    private ResponseFile() {}

    /**
     * @param byId the responses by id of the problem, in the file's order; at least one to each, which may be empty
     * @param step the training step of the evaluation; null if the file names none
     * @param sampled whether the file holds lists of responses
     */
    public record Responses(
            Map<String, List<String>> byId, @Nullable Long step, boolean sampled) {}

    private record Row(String id, long step, @Nullable String benchmark, List<String> texts, boolean sampled) {}

    /** @throws dev.upbeat.io.BadInputException if the file or a row cannot be used, naming the row */
    public static Responses read(Path file) throws IOException {
        List<String> columns = List.of("id", "step", "benchmark", "response", "responses");
        List<Row> rows = RowFile.read(
                file,
                Integer.MAX_VALUE,
                columns,
                EXAMPLE,
                row -> SeriesFile.step(row) + " " + row.textOrJson("benchmark") + " " + row.id(),
                ResponseFile::row);
        boolean inTraining = rows.stream().anyMatch(row -> row.step > 0);
        long last = rows.stream().mapToLong(Row::step).max().orElse(0);
        Map<String, List<String>> responses = new LinkedHashMap<>();
        for (Row row : rows) {
            if (row.step == last && responses.put(row.id, row.texts) != null) {
                throw new BadInputException(file + ": has responses to problem " + row.id
                        + " of several benchmarks, one of them " + row.benchmark
                        + "; expected those to one benchmark. Copy its rows to a file of their own: the lines with"
                        + " \"benchmark\":\"" + row.benchmark + "\".");
            }
        }
        return new Responses(responses, inTraining ? last : null, rows.stream().anyMatch(Row::sampled));
    }

    private static Row row(JsonRow row) {
        if (!row.has("id")) {
            throw row.wrong("has no id; expected the id of the row that it answers, such as " + EXAMPLE);
        }
        String benchmark = row.textOrJson("benchmark");
        JsonNode response = row.get("response");
        JsonNode several = row.get("responses");
        if (response != null) {
            // A model may write anything: half a surrogate pair is judged as the replacement character, not rejected.
            String text = response.isTextual() ? wellFormed(response.textValue()) : row.text("response");
            return new Row(row.id(), SeriesFile.step(row), benchmark, List.of(Objects.requireNonNull(text)), false);
        }
        if (several == null) {
            throw row.wrong("has no response; expected a text, given: " + row.given());
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode text : several) {
            if (!text.isTextual()) {
                throw row.wrong("responses holds " + text + "; expected texts only");
            }
            texts.add(wellFormed(text.textValue()));
        }
        if (texts.isEmpty()) {
            throw row.wrong("responses is " + several + "; expected a list of at least one text");
        }
        return new Row(row.id(), SeriesFile.step(row), benchmark, texts, true);
    }

    private static String wellFormed(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_16BE), StandardCharsets.UTF_16BE);
    }
}
