package dev.upbeat.task.math;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.upbeat.io.BadInputException;
import dev.upbeat.task.Problem;
import dev.upbeat.task.Prompting;
import dev.upbeat.task.Task;
import dev.upbeat.task.TaskRow;
import dev.upbeat.trace.Score;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Problems with one final answer, by {@link MathVerifier}: GSM8K, MATH, AIME, AMC, OlympiadBench, Minerva, DAPO-Math. */
public final class MathTask implements Task {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String HASHES = "####";

    private final String name;
    private final Prompting prompting;

    /** @param name as users call it */
    public MathTask(String name, Prompting prompting) {
        this.name = name;
        this.prompting = prompting;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Problem problem(TaskRow row) {
        return prompting.problem(row, gold(row.id(), row.requiredAnswer()));
    }

    /** The final answer of a row: after the hashes of a worked GSM8K solution, or the elements of OlympiadBench's JSON list. */
    private static String gold(String id, String answer) {
        int hashes = answer.lastIndexOf(HASHES);
        if (answer.startsWith("{\"")) {
            throw new BadInputException(
                    "row " + id + ": the answer is a JSON object; expected a final answer as text, LaTeX or "
                            + "number, or a worked solution that ends with #### or \\boxed{}");
        }
        if (hashes >= 0) {
            return answer.substring(hashes + HASHES.length()).strip();
        }
        return answer.startsWith("[\"") ? joined(answer) : answer;
    }

    private static String joined(String json) {
        try {
            List<String> elements = new ArrayList<>();
            for (JsonNode element : JSON.readTree(json)) {
                elements.add(element.asText());
            }
            return String.join(", ", elements);
        } catch (JsonProcessingException e) {
            return json; // not a list
        }
    }

    @Override
    public Score verify(Problem problem, String response) {
        Objects.requireNonNull(problem, "problem");
        Objects.requireNonNull(response, "response");
        return MathVerifier.verify(problem.answer(), response);
    }
}
