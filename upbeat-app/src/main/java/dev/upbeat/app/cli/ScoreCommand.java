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
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code upbeat score}: verdicts on responses that exist already. Needs no model. */
@SuppressWarnings("UnusedVariable") // picocli sets the options
@Command(
        name = "score",
        description = {
            "Judges existing responses.",
            "Prints one JSON line {id, reward, parsed, reason} per row of the data, in the same order. For a row with"
                    + " several responses it prints one line {id, sample, ...} each.",
            "Tasks: countdown, math, gsm8k, math500, aime24, aime25, amc23, olympiadbench, minerva, dapo-math,"
                    + " crossthink-qa, zebralogic; class and endpoint for custom tasks."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  upbeat score --task gsm8k --data gsm8k-test.jsonl --responses answers.jsonl > verdicts.jsonl",
            "  upbeat score --task gsm8k --data runs/eval/eval.jsonl --responses runs/eval/eval.jsonl"
        })
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
            description =
                    "The responses, JSONL or Parquet: {id, response} or {id, responses: [..]}, one row per problem,"
                            + " such as the eval.jsonl of upbeat eval.")
    private Path responses = Path.of("");

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "Judge only the first N rows of --data; responses to other rows are ignored.")
    private @Nullable Integer limit;

    @Override
    public Integer call() throws IOException {
        if (limit != null && limit < 1) {
            throw new BadInputException("--limit " + limit + ": expected at least 1 row");
        }
        TaskOptions options = task.options(null, PuzzleOptions.DEFAULT);
        Task judge = Tasks.forVerdicts(options);
        List<Problem> problems =
                Tasks.problems(judge, TaskRowFile.read(data, limit == null ? Integer.MAX_VALUE : limit));
        ResponseFile.Responses given = ResponseFile.read(responses);
        if (given.step() != null) {
            common.remark(responses + ": judging the responses of step " + given.step() + ", the last evaluation");
        }
        List<Sample> samples = matched(problems, given.byId());
        List<Score> scores = judge.verifyAll(
                samples.stream().map(Sample::problem).toList(),
                samples.stream().map(Sample::response).toList());
        print(samples, given.sampled(), scores, options.terms().any());
        long right = scores.stream().filter(Score::correct).count();
        common.remark(String.format(
                Locale.ROOT, "%d of %d right (%.1f %%)", right, scores.size(), 100.0 * right / scores.size()));
        return ExitCode.DONE;
    }

    /** @param index of the response among those to its problem */
    private record Sample(Problem problem, int index, String response) {}

    /** The responses in the problems' order. */
    private List<Sample> matched(List<Problem> problems, Map<String, List<String>> given) {
        Set<String> rows =
                new LinkedHashSet<>(problems.stream().map(Problem::id).toList());
        Set<String> lacking = new LinkedHashSet<>(rows);
        lacking.removeAll(given.keySet());
        if (!lacking.isEmpty()) {
            throw new BadInputException(responses + ": has no response to " + named(lacking, rows.size()) + " of "
                    + data + "; expected one for each row. Leave rows without a response out of --data");
        }
        Set<String> foreign = new LinkedHashSet<>(given.keySet());
        foreign.removeAll(rows);
        if (!foreign.isEmpty() && limit == null) {
            throw new BadInputException(responses + ": has a response to " + named(foreign, given.size()) + ", "
                    + "which " + data
                    + " does not have; expected the ids of its rows");
        }
        List<Sample> samples = new ArrayList<>();
        for (Problem problem : problems) {
            List<String> texts = given.getOrDefault(problem.id(), List.of());
            for (int i = 0; i < texts.size(); i++) {
                samples.add(new Sample(problem, i, texts.get(i)));
            }
        }
        return samples;
    }

    private static String named(Set<String> ids, int of) {
        String first = "row " + ids.iterator().next();
        return ids.size() == 1 ? first : first + " (and " + (ids.size() - 1) + " more of " + of + ")";
    }

    private void print(List<Sample> samples, boolean numbered, List<Score> scores, boolean withParts)
            throws IOException {
        PrintWriter out = common.out();
        try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
            json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            json.setRootValueSeparator(null);
            for (int i = 0; i < scores.size(); i++) {
                Score score = scores.get(i);
                json.writeStartObject();
                json.writeStringField("id", samples.get(i).problem().id());
                if (numbered) {
                    json.writeNumberField("sample", samples.get(i).index());
                }
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
