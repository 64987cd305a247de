package dev.upbeat.task.endpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.upbeat.task.Problem;
import dev.upbeat.task.Prompting;
import dev.upbeat.task.Task;
import dev.upbeat.task.TaskRow;
import dev.upbeat.trace.Message;
import dev.upbeat.trace.Score;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A task whose verdicts come from an HTTP endpoint, one request per response. Throws {@link UnavailableException} if
 * there is no verdict. The contract is in docs/tasks.md.
 */
public final class EndpointTask implements Task {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final EndpointSettings settings;
    private final Prompting prompting;
    private final EndpointClient client;

    public EndpointTask(EndpointSettings settings, Prompting prompting) {
        this.settings = settings;
        this.prompting = prompting;
        this.client = new EndpointClient(settings, EndpointClient.LONGEST_BYTES);
    }

    @Override
    public String name() {
        return "endpoint";
    }

    @Override
    public Problem problem(TaskRow row) {
        return prompting.problem(row, row.answer() == null ? "" : row.answer());
    }

    /** @throws UnavailableException if the endpoint gives no verdict */
    @Override
    public Score verify(Problem problem, String response) {
        Objects.requireNonNull(problem, "problem");
        Objects.requireNonNull(response, "response");
        return score(problem, client.post(request(problem, response)));
    }

    /** @throws UnavailableException if the endpoint gives no verdict on one of them; the other verdicts are dropped */
    @Override
    public List<Score> verifyAll(List<Problem> problems, List<String> responses) {
        List<Callable<Score>> requests = new ArrayList<>();
        for (int i = 0; i < responses.size(); i++) {
            Problem problem = problems.get(i);
            String response = responses.get(i);
            requests.add(() -> verify(problem, response));
        }
        return Requests.all(settings, requests);
    }

    private static String request(Problem problem, String response) {
        ObjectNode body = JSON.createObjectNode();
        body.put("id", problem.id());
        if (problem.messages() != null) {
            for (Message message : problem.messages()) {
                body.withArray("messages").add(JSON.<JsonNode>valueToTree(message.fields()));
            }
        } else {
            body.put("prompt", problem.text());
        }
        body.put("response", response);
        body.put("answer", problem.answer());
        return body.toString();
    }

    private Score score(Problem problem, String body) {
        JsonNode verdict = json(problem, body);
        JsonNode reward = verdict.path("reward");
        if (!reward.isNumber() || !Double.isFinite(reward.doubleValue())) {
            throw unusable(problem, body);
        }
        JsonNode correct = verdict.path("correct");
        if (!correct.isMissingNode() && !correct.isBoolean()) {
            throw unusable(problem, body);
        }
        boolean right = correct.isMissingNode() ? reward.doubleValue() >= 1 : correct.booleanValue();
        return new Score(
                reward.doubleValue(), parts(problem, verdict, right, body), text(verdict, "parsed"), reason(verdict));
    }

    private Map<String, Double> parts(Problem problem, JsonNode verdict, boolean right, String body) {
        Map<String, Double> parts = new LinkedHashMap<>();
        verdict.path("parts").properties().forEach(part -> {
            if (!part.getValue().isNumber() || !Double.isFinite(part.getValue().doubleValue())) {
                throw unusable(problem, body);
            }
            parts.put(part.getKey(), part.getValue().doubleValue());
        });
        parts.put(Score.CORRECT, right ? 1.0 : 0.0);
        return parts;
    }

    private static String reason(JsonNode verdict) {
        String reason = text(verdict, "reason");
        return reason == null ? "by the endpoint" : reason;
    }

    private static @Nullable String text(JsonNode verdict, String name) {
        JsonNode value = verdict.path(name);
        return value.isMissingNode() || value.isNull()
                ? null
                : value.isTextual() ? value.textValue() : value.toString();
    }

    private JsonNode json(Problem problem, String body) {
        try {
            JsonNode verdict = JSON.readTree(body);
            if (verdict.isObject()) {
                return verdict;
            }
        } catch (JsonProcessingException e) {
            // Reported below like any other body that is not a verdict.
        }
        throw unusable(problem, body);
    }

    private UnavailableException unusable(Problem problem, String body) {
        return new UnavailableException(
                "the " + client.name() + " answered to problem " + problem.id() + " with "
                        + (body.isBlank() ? "nothing" : EndpointClient.shown(body))
                        + "; expected {\"reward\": a finite number, \"correct\": true or false, \"parsed\": text, \"reason\": text},"
                        + " all but reward optional",
                false);
    }
}
