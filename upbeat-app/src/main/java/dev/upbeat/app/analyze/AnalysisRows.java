package dev.upbeat.app.analyze;

import dev.upbeat.io.BadInputException;
import dev.upbeat.store.TaskRowFile;
import dev.upbeat.store.TraceFile;
import dev.upbeat.store.TraceRow;
import dev.upbeat.task.PromptStyle;
import dev.upbeat.task.Prompting;
import dev.upbeat.task.TaskRow;
import dev.upbeat.trace.Prompt;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The rows of an analysis, in the order of their file.
 *
 * @param prompts to answer, worded by the prompt style if there is one; empty if traces or a text are given
 * @param traces existing responses; empty if prompts or a text are given
 */
public record AnalysisRows(List<TaskRow> prompts, List<TraceRow> traces) {
    public AnalysisRows {
        prompts = List.copyOf(prompts);
        traces = List.copyOf(traces);
    }

    /**
     * Reads the rows, and checks that each takes the prompt style and the system message.
     *
     * @throws BadInputException if the file or a row cannot be used, naming the row
     */
    public static AnalysisRows read(AnalysisInput input) throws IOException {
        SystemMessage system = new SystemMessage(input.system());
        if (input.prompts() != null) {
            List<TaskRow> prompts = prompts(input.prompts(), input);
            prompts.forEach(row -> requireTakes(system, row.place(), row.id(), null, row.prompt()));
            return new AnalysisRows(prompts, List.of());
        }
        if (input.traces() != null) {
            List<TraceRow> traces = input.rows()
                    .of(
                            TraceFile.read(input.traces(), input.rows().most()),
                            input.traces().toString());
            traces.forEach(row -> requireTakes(system, row.place(), row.id(), row.promptIds(), row.prompt()));
            return new AnalysisRows(List.of(), traces);
        }
        return new AnalysisRows(List.of(), List.of());
    }

    private static List<TaskRow> prompts(Path file, AnalysisInput input) throws IOException {
        String style = input.prompt();
        int most = input.rows().most();
        PromptStyle usual = input.usual();
        if (style == null && usual == null) {
            return input.rows().of(TaskRowFile.readPrompts(file, most), file.toString());
        }
        return input.rows().of(TaskRowFile.readQuestions(file, most), file.toString()).stream()
                .map(row -> worded(row, style, usual))
                .toList();
    }

    /**
     * The row with its question in a prompt style.
     *
     * @param style null for the row's own prompt, else the usual style
     * @param usual null for the question alone
     */
    static TaskRow worded(TaskRow row, @Nullable String style, @Nullable PromptStyle usual) {
        Prompting prompting = new Prompting(style, usual == null ? PromptStyle.BARE : usual);
        Prompt prompt = BadInputException.at(row.place(), () -> prompting.prompt(row));
        return new TaskRow(
                row.id(),
                row.question(),
                prompt.withVariables(row.prompt().variables()),
                row.hasOwnPrompt(),
                row.answer(),
                row.fields(),
                row.place());
    }

    private static void requireTakes(
            SystemMessage system, @Nullable String place, String id, int @Nullable [] ids, @Nullable Prompt prompt) {
        BadInputException.at(place, () -> {
            system.before(id, ids, prompt);
            return id;
        });
    }

    /** Ids of the rows. */
    List<String> ids() {
        return Stream.concat(prompts.stream().map(TaskRow::id), traces.stream().map(TraceRow::id))
                .toList();
    }

    /** Number of rows. */
    public int size() {
        return prompts.size() + traces.size();
    }
}
