package dev.upbeat.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.upbeat.io.BadInputException;
import dev.upbeat.trace.Prompt;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Prompts from JSONL or Parquet. A row is one of
 *
 * <ul>
 *   <li>{@code {"id", "messages": [{"role", "content"}]}}: a conversation;
 *   <li>{@code {"id", "prompt": "text"}}: a raw text; or, as verl and TRL write it, {@code "prompt": [{"role",
 *       "content"}]}: a conversation;
 *   <li>{@code {"id", "question", "answer"}}: a task's row, one user message; {@code problem} and {@code puzzle} are synonyms of
 *       {@code question}. {@code messages} and {@code prompt} take precedence, for data sets that keep the column that a prompt
 *       was made from.
 * </ul>
 *
 * A conversation may be JSON text, and a message's content a list of text parts. {@code chat_template_kwargs}, {@code tools} and
 * {@code documents} are variables of the chat template. The answer is {@code answer}, else {@code reward_model.ground_truth}. A
 * row without an id is called {@code row-<n>}, where n is its line (JSONL) or row (Parquet) from 1. Other fields are ignored.
 */
public final class PromptFile {
    private static final List<String> COLUMNS = Stream.of(
                    List.of("id"), PromptFields.COLUMNS, List.of("answer", "reward_model"))
            .flatMap(List::stream)
            .toList();
    private static final String EXAMPLE = "{\"id\": \"1\", \"prompt\": \"text\"}";

    private PromptFile() {}

    /** @throws BadInputException where the file or a row cannot be used, naming the row */
    public static List<PromptRow> read(Path file) throws IOException {
        return read(file, Integer.MAX_VALUE);
    }

    /** The first {@code limit} rows; what comes after them is not looked at. */
    public static List<PromptRow> read(Path file, int limit) throws IOException {
        return RowFile.read(file, limit, COLUMNS, EXAMPLE, PromptFile::parse);
    }

    private static PromptRow parse(JsonRow row) {
        Prompt prompt = PromptFields.promptOrQuestion(row);
        if (prompt == null) {
            throw row.wrong("has no prompt; expected messages, prompt or question, given: " + row.given());
        }
        return new PromptRow(row.id(), prompt, answer(row));
    }

    private static @Nullable String answer(JsonRow row) {
        JsonNode model = row.get("reward_model");
        if (row.has("answer") || !(model instanceof ObjectNode fields)) {
            return row.textOrJson("answer");
        }
        return new JsonRow(row.where(), row.number(), fields).textOrJson("ground_truth");
    }
}
