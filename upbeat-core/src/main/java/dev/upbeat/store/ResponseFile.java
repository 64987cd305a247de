package dev.upbeat.store;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Responses to be judged, JSONL or Parquet: {@code {"id", "response"}}, each id once. */
public final class ResponseFile {
    private static final String EXAMPLE = "{\"id\": \"1\", \"response\": \"The answer is 4.\"}";

    private ResponseFile() {}

    /**
     * @return responses by id, in the file's order; a response may be empty
     * @throws dev.upbeat.io.BadInputException if the file or a row cannot be used, naming the row
     */
    public static Map<String, String> read(Path file) throws IOException {
        Map<String, String> responses = new LinkedHashMap<>();
        RowFile.read(file, Integer.MAX_VALUE, List.of("id", "response"), EXAMPLE, row -> {
            if (!row.has("id")) {
                throw row.wrong("has no id; expected the id of the row that it answers, such as " + EXAMPLE);
            }
            JsonNode response = row.get("response");
            if (response == null) {
                throw row.wrong("has no response; expected a text, given: " + row.given());
            }
            // A model may write anything: half a surrogate pair is judged as the replacement character, not rejected.
            String text = response.isTextual() ? wellFormed(response.textValue()) : row.text("response");
            return responses.put(row.id(), Objects.requireNonNull(text));
        });
        return responses;
    }

    private static String wellFormed(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_16BE), StandardCharsets.UTF_16BE);
    }
}
