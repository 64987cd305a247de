package dev.upbeat.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.upbeat.io.BadInputException;
import dev.upbeat.task.TaskRow;
import dev.upbeat.trace.Prompt;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads prompts and tasks' rows from JSONL or Parquet. A row is one of
 *
 * <ul>
 *   <li>{@code {"id", "messages": [{"role", "content"}]}}: a conversation;
 *   <li>{@code {"id", "prompt": "text"}}: a raw text; or, as verl and TRL write it, {@code "prompt": [{"role",
 *       "content"}]}: a conversation;
 *   <li>{@code {"id", "question", "answer"}}: a question, sent as one user message unless a task words it differently;
 *       {@code problem} and {@code puzzle} are synonyms of {@code question}.
 * </ul>
 *
 * A conversation may be JSON text, and a message's content a list of text parts. {@code chat_template_kwargs}, {@code tools} and
 * {@code documents} are variables of the chat template. The answer is the first of {@code answer}, {@code final_answer},
 * {@code reward_model.ground_truth} (verl), {@code ground_truth} and {@code solution} (TRL) that the row has. A row without an
 * id is called {@code row-<n>}, where n is its line (JSONL) or row (Parquet) from 1.
 */
public final class TaskRowFile {
    private static final List<String> COLUMNS_OF_PROMPTS = Stream.of(
                    List.of("id"),
                    PromptFields.COLUMNS,
                    List.of("answer", "final_answer", "reward_model", "ground_truth", "solution"))
            .flatMap(List::stream)
            .toList();
    private static final String EXAMPLE = "{\"id\": \"1\", \"question\": \"2 + 2 = ?\", \"answer\": \"4\"}";
    private static final String EXAMPLE_OF_PROMPTS = "{\"id\": \"1\", \"prompt\": \"text\"}";

    private TaskRowFile() {}

    /**
     * Reads the first {@code limit} rows for a task, with all of their fields. A row may have a question beside its prompt.
     *
     * @throws BadInputException if the file or a row cannot be used, naming the row
     */
    public static List<TaskRow> read(Path file, int limit) throws IOException {
        return RowFile.read(file, limit, List.of(), EXAMPLE, TaskRowFile::task);
    }

    /** Reads all rows as {@link #readPrompts(Path, int)}. */
    public static List<TaskRow> readPrompts(Path file) throws IOException {
        return readPrompts(file, Integer.MAX_VALUE);
    }

    /**
     * Reads the first {@code limit} rows for their prompts alone: other fields are ignored, and so is the question of a row
     * that has a prompt, because data sets keep the column from which a prompt was made.
     *
     * @throws BadInputException if the file or a row cannot be used, naming the row
     */
    public static List<TaskRow> readPrompts(Path file, int limit) throws IOException {
        return RowFile.read(file, limit, COLUMNS_OF_PROMPTS, EXAMPLE_OF_PROMPTS, TaskRowFile::prompt);
    }

    /**
     * Reads the first {@code limit} rows for their questions: as {@link #readPrompts(Path, int)}, but a row that has a
     * prompt keeps its question.
     *
     * @throws BadInputException if the file or a row cannot be used, naming the row
     */
    public static List<TaskRow> readQuestions(Path file, int limit) throws IOException {
        return RowFile.read(
                file,
                limit,
                COLUMNS_OF_PROMPTS,
                EXAMPLE,
                row -> parse(
                        row,
                        PromptFields.question(row),
                        PromptFields.prompt(row),
                        JsonNodeFactory.instance.objectNode()));
    }

    private static TaskRow task(JsonRow row) {
        return parse(row, PromptFields.question(row), PromptFields.prompt(row), row.fields());
    }

    private static TaskRow prompt(JsonRow row) {
        Prompt prompt = PromptFields.prompt(row);
        String question = prompt == null ? PromptFields.question(row) : null;
        return parse(row, question, prompt, JsonNodeFactory.instance.objectNode());
    }

    private static TaskRow parse(JsonRow row, @Nullable String question, @Nullable Prompt prompt, ObjectNode fields) {
        if (question == null && prompt == null) {
            throw row.wrong("has no prompt; expected messages, prompt or question, given: " + row.given());
        }
        Prompt asked = prompt == null ? PromptFields.asPrompt(row, Objects.requireNonNull(question)) : prompt;
        return new TaskRow(row.id(), question, asked, prompt != null, answer(row), fields, row.where());
    }

    private static @Nullable String answer(JsonRow row) {
        for (String name : List.of("answer", "final_answer")) {
            if (row.has(name)) {
                return row.textOrJson(name);
            }
        }
        JsonNode model = row.get("reward_model");
        if (model instanceof ObjectNode fields) {
            JsonRow nested = new JsonRow(row.where(), row.number(), fields);
            if (nested.has("ground_truth")) {
                return nested.textOrJson("ground_truth");
            }
        }
        return row.textOrJson(row.has("ground_truth") ? "ground_truth" : "solution");
    }
}
