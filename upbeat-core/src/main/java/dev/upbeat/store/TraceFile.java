package dev.upbeat.store;

import dev.upbeat.io.BadInputException;
import dev.upbeat.trace.Prompt;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads given traces from JSONL or Parquet, including a run directory's own {@code traces.parquet}. A row is
 * {@code {"id", "prompt_ids": [..], "response_ids": [..]}}, or has a prompt as {@link TaskRowFile} reads it, and a
 * response as {@link ResponseFields} does. If a row has both ids and text, the ids are used. Optional: {@code temperature}, {@code reward},
 * and the series of {@link #SERIES}. Ids of rows and other fields are as in {@link TaskRowFile}.
 */
public final class TraceFile {
    /** Optional columns with one value per response token. */
    public static final List<String> SERIES = List.of("log_prob", "entropy_nats", "waad", "fai", "receiver_fai");

    private static final List<String> COLUMNS = Stream.concat(
                    Stream.of("id", "prompt_ids", "response_ids", "response", "completion", "temperature", "reward"),
                    Stream.concat(PromptFields.COLUMNS.stream(), SERIES.stream()))
            .toList();
    private static final String EXAMPLE = "{\"id\": \"1\", \"prompt_ids\": [1, 2], \"response_ids\": [3, 4]}";

    private TraceFile() {}

    /** @throws BadInputException if the file or a row cannot be used, naming the row */
    public static List<TraceRow> read(Path file) throws IOException {
        return read(file, Integer.MAX_VALUE);
    }

    /** Reads the first {@code limit} rows and nothing after them. */
    public static List<TraceRow> read(Path file, int limit) throws IOException {
        return RowFile.read(file, limit, COLUMNS, EXAMPLE, TraceFile::parse);
    }

    private static TraceRow parse(JsonRow row) {
        int[] promptIds = ids(row, "prompt_ids");
        int[] responseIds = ids(row, "response_ids");
        Prompt prompt = promptIds == null ? PromptFields.promptOrQuestion(row) : null;
        String response = responseIds == null ? ResponseFields.response(row) : null;
        if (promptIds == null && prompt == null) {
            throw row.wrong("has no prompt; expected prompt_ids, prompt, messages or question, given: " + row.given());
        }
        if (responseIds == null && response == null) {
            if (!ResponseFields.endsWithAnswer(prompt)) {
                throw row.wrong(
                        "has no response; expected response_ids or response (or completion, or messages that end with"
                                + " an assistant's), given: " + row.given());
            }
            response = ResponseFields.answer(row, prompt);
            prompt = ResponseFields.withoutAnswer(row, prompt);
        }
        if (response != null && response.isEmpty()) {
            throw row.wrong("response is empty; expected at least one token");
        }
        return new TraceRow(
                row.id(),
                promptIds,
                responseIds,
                prompt,
                response,
                temperature(row),
                row.number("reward"),
                series(row, responseIds),
                row.where());
    }

    private static int @Nullable [] ids(JsonRow row, String name) {
        int[] ids = row.ids(name);
        if (ids != null && ids.length == 0) {
            throw row.wrong(name + " is empty; expected at least one token");
        }
        return ids;
    }

    /** Tau of the row; 1 for a greedy response, whose log-probs are taken at tau = 1 (docs/method.md, section 3). */
    private static @Nullable Double temperature(JsonRow row) {
        Double temperature = row.number("temperature");
        if (temperature != null && temperature < 0) {
            throw row.wrong("temperature is " + temperature + "; expected a positive number, or 0 for greedy");
        }
        return temperature != null && temperature == 0 ? Double.valueOf(1) : temperature;
    }

    private static Map<String, float[]> series(JsonRow row, int @Nullable [] responseIds) {
        Map<String, float[]> all = new LinkedHashMap<>();
        int length = responseIds == null ? -1 : responseIds.length;
        for (String name : SERIES) {
            float[] series = row.series(name);
            if (series != null) {
                length = length < 0 ? series.length : length;
                if (series.length != length) {
                    throw row.wrong(
                            name + " has " + series.length + " values; expected " + length + ", one a response token");
                }
                all.put(name, series);
            }
        }
        return all;
    }
}
