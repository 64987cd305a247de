package dev.upbeat.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.upbeat.task.TaskRow;
import dev.upbeat.trace.Prompt;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A task's rows from JSONL or Parquet. What is asked is {@code question}, also called {@code problem} or {@code puzzle}, or a
 * prompt of the row's own as {@link PromptFile} reads it. The answer is the first of {@code answer}, {@code final_answer},
 * {@code reward_model.ground_truth} (verl), {@code ground_truth} and {@code solution} (TRL) that is there. Variables
 * of the chat template are read as {@link PromptFile} does; other fields are kept for tasks that read them.
 */
public final class TaskRowFile {
    private static final String EXAMPLE = "{\"id\": \"1\", \"question\": \"2 + 2 = ?\", \"answer\": \"4\"}";

    private TaskRowFile() {}

    /**
     * The first {@code limit} rows; what comes after them is not looked at.
     *
     * @throws dev.upbeat.io.BadInputException where the file or a row cannot be used, naming the row
     */
    public static List<TaskRow> read(Path file, int limit) throws IOException {
        return RowFile.read(file, limit, List.of(), EXAMPLE, TaskRowFile::parse);
    }

    private static TaskRow parse(JsonRow row) {
        String question = PromptFields.question(row);
        Prompt prompt = PromptFields.prompt(row);
        if (question == null && prompt == null) {
            throw row.wrong(
                    "asks nothing; expected question, problem, puzzle, prompt or messages, given: " + row.given());
        }
        return new TaskRow(
                row.id(),
                question,
                prompt == null ? null : prompt.messages(),
                prompt == null ? null : prompt.text(),
                PromptFields.variables(row),
                answer(row),
                row.fields());
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
