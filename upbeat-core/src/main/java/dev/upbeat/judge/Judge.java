package dev.upbeat.judge;

import dev.upbeat.io.VisibleText;
import dev.upbeat.judge.JudgementFile.Judgement;
import dev.upbeat.task.Problem;
import dev.upbeat.task.endpoint.ChatEndpoint;
import dev.upbeat.task.endpoint.ChatEndpoint.Answer;
import dev.upbeat.task.endpoint.EndpointSettings;
import dev.upbeat.task.endpoint.Requests;
import dev.upbeat.task.endpoint.UnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Asks a chat model to judge responses. After an answer that is cut off or malformed it is asked again, up to a number
 * of attempts; then the response has no judgement. If no response of a step has one, the judge counts as unavailable.
 */
public final class Judge {
    private static final int SHOWN = 200;

    private final EndpointSettings endpoint;
    private final ChatEndpoint chat;
    private final Judging judging;
    private final int attempts;
    private final JudgementFile known;

    /** The last answer that was not usable, for messages. */
    private volatile String unusable = "known from an earlier run";

    /**
     * @param attempts largest number of answers to ask for until one is usable, at least 1
     * @param known judgements of the run
     */
    public Judge(EndpointSettings endpoint, ChatEndpoint chat, Judging judging, int attempts, JudgementFile known) {
        this.endpoint = endpoint;
        this.chat = chat;
        this.judging = judging;
        this.attempts = attempts;
        this.known = known;
    }

    /** A response to judge. */
    public record Response(Problem problem, ResponseSteps steps) {}

    public Judging judging() {
        return judging;
    }

    /**
     * Judges responses.
     *
     * @return the value of each step of each response; null for a response without a judgement
     * @throws UnavailableException if the judge does not answer, or gives no response a judgement; judgements that it
     *     gave are kept
     */
    public List<float @Nullable []> judge(List<Response> responses) {
        List<Callable<Judgement>> requests = new ArrayList<>();
        for (Response response : responses) {
            for (int number = 0; number < count(response); number++) {
                long seed = number;
                requests.add(() -> judgement(response, seed));
            }
        }
        List<Judgement> judgements = Requests.all(endpoint, requests);
        if (!judgements.isEmpty() && judgements.stream().allMatch(judgement -> judgement.steps() == null)) {
            throw new UnavailableException(
                    "the " + endpoint.name() + " gave no usable judgement to " + judgements.size()
                            + " requests; its last answer is " + unusable
                            + "; expected the form that the prompt asks for (docs/credit.md, Judges). A larger"
                            + " credit.judge.max_tokens helps if answers are cut off",
                    false);
        }
        List<float @Nullable []> values = new ArrayList<>();
        int next = 0;
        for (Response response : responses) {
            List<double[]> own = new ArrayList<>();
            for (int number = 0; number < count(response); number++) {
                double[] judgement = judgements.get(next++).steps();
                if (judgement == null) {
                    giveUp(chat.request(prompt(response), number), steps(response));
                } else {
                    own.add(judgement);
                }
            }
            values.add(own.size() < count(response) ? null : judging.values(own, steps(response)));
        }
        return values;
    }

    /**
     * Records that a request has no usable answer. Called only if another request has one: a judge that gives no usable
     * answer at all is asked again after a resume.
     */
    private void giveUp(String request, int steps) {
        if (known.find(request, steps) == null) {
            known.add(request, null);
        }
    }

    /** Number of judgements; a response without steps is not judged. */
    private int count(Response response) {
        return steps(response) == 0 ? 0 : judging.judgements();
    }

    private static int steps(Response response) {
        return response.steps().texts().size();
    }

    private String prompt(Response response) {
        return judging.prompt(response.problem(), response.steps());
    }

    private Judgement judgement(Response response, long seed) {
        String prompt = prompt(response);
        String first = chat.request(prompt, seed);
        Judgement before = known.find(first, steps(response));
        if (before != null) {
            return before;
        }
        for (int attempt = 0; attempt < attempts; attempt++) {
            Answer answer = chat.ask(chat.request(prompt, seed + (long) attempt * judging.judgements()));
            double[] steps = judging.read(answer, steps(response));
            if (steps != null) {
                known.add(first, steps);
                return new Judgement(steps);
            }
            unusable = shown(answer);
        }
        return new Judgement(null);
    }

    /** The end of an answer, where its form is. */
    private static String shown(Answer answer) {
        String text = answer.text().strip();
        String end = text.length() <= SHOWN ? text : ".." + text.substring(text.length() - SHOWN);
        return (text.isEmpty() ? "empty" : "\"" + VisibleText.of(end) + "\"") + (answer.complete() ? "" : " (cut off)");
    }
}
