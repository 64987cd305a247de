package dev.upbeat.app.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.upbeat.eval.Tasks;
import dev.upbeat.io.BadInputException;
import dev.upbeat.store.ResponseFile;
import dev.upbeat.store.TaskRowFile;
import dev.upbeat.task.Problem;
import dev.upbeat.task.PuzzleOptions;
import dev.upbeat.task.Task;
import dev.upbeat.task.TaskOptions;
import dev.upbeat.task.TaskRow;
import dev.upbeat.trace.Score;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code upbeat score}: verdicts on responses that exist already. Needs no model. */
@SuppressWarnings("UnusedVariable") // picocli sets the options
@Command(
        name = "score",
        description = {
            "Judges existing responses.",
            "Prints one JSON line {id, reward, parsed, reason} per row of the data, in the same order.",
            "Tasks: countdown, math, gsm8k, math500, aime24, aime25, amc23, olympiadbench, minerva, dapo-math,"
                    + " crossthink-qa, zebralogic; class and endpoint for custom tasks."
        },
        footerHeading = "%nExample:%n",
        footer = "  upbeat score --task gsm8k --data gsm8k-test.jsonl --responses answers.jsonl > verdicts.jsonl")
final class ScoreCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common = new CommonOptions();

    @Mixin
    private TaskFlags task = new TaskFlags();

    @Option(
            names = "--data",
            paramLabel = "FILE",
            required = true,
            description = "The problems, JSONL or Parquet: {id, question, answer}, or verl's and TRL's columns.")
    private Path data = Path.of("");

    @Option(
            names = "--responses",
            paramLabel = "FILE",
            required = true,
            description = "The responses, JSONL or Parquet: {id, response}, one per problem.")
    private Path responses = Path.of("");

    @Override
    public Integer call() throws IOException {
        TaskOptions options = task.options(null, PuzzleOptions.DEFAULT);
        Task judge = Tasks.forVerdicts(options);
        List<Problem> problems = new ArrayList<>();
        for (TaskRow row : TaskRowFile.read(data, Integer.MAX_VALUE)) {
            problems.add(judge.problem(row));
        }
        List<String> texts = matched(problems, ResponseFile.read(responses));
        List<Score> scores = judge.verifyAll(problems, texts);
        print(problems, scores, options.terms().any());
        long right = scores.stream().filter(Score::correct).count();
        common.remark(String.format(
                Locale.ROOT, "%d of %d right (%.1f %%)", right, scores.size(), 100.0 * right / scores.size()));
        return ExitCode.DONE;
    }

    /** The responses in the problems' order. */
    private List<String> matched(List<Problem> problems, Map<String, String> given) {
        Set<String> rows =
                new LinkedHashSet<>(problems.stream().map(Problem::id).toList());
        Set<String> lacking = new LinkedHashSet<>(rows);
        lacking.removeAll(given.keySet());
        if (!lacking.isEmpty()) {
            throw new BadInputException(responses + ": has no response to " + named(lacking, rows.size()) + " of "
                    + data + "; expected one for each row");
        }
        Set<String> foreign = new LinkedHashSet<>(given.keySet());
        foreign.removeAll(rows);
        if (!foreign.isEmpty()) {
            throw new BadInputException(responses + ": has a response to " + named(foreign, given.size()) + ", "
                    + "which " + data
                    + " does not have; expected the ids of its rows");
        }
        return problems.stream().map(problem -> given.get(problem.id())).toList();
    }

    private static String named(Set<String> ids, int of) {
        String first = "row " + ids.iterator().next();
        return ids.size() == 1 ? first : first + " (and " + (ids.size() - 1) + " more of " + of + ")";
    }

    private void print(List<Problem> problems, List<Score> scores, boolean withParts) throws IOException {
        PrintWriter out = common.out();
        try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
            json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            json.setRootValueSeparator(null);
            for (int i = 0; i < scores.size(); i++) {
                Score score = scores.get(i);
                json.writeStartObject();
                json.writeStringField("id", problems.get(i).id());
                json.writeNumberField("reward", score.reward());
                json.writeStringField("parsed", score.parsed());
                json.writeStringField("reason", score.reason());
                if (withParts) {
                    json.writeObjectFieldStart("parts");
                    for (Map.Entry<String, Double> part : score.parts().entrySet()) {
                        json.writeNumberField(part.getKey(), part.getValue());
                    }
                    json.writeEndObject();
                }
                json.writeEndObject();
                json.writeRaw('\n');
            }
        }
    }
}
