package dev.upbeat.train;

import dev.upbeat.judge.Critiques;
import dev.upbeat.judge.Judge;
import dev.upbeat.judge.JudgementFile;
import dev.upbeat.judge.Judging;
import dev.upbeat.judge.ResponseSteps;
import dev.upbeat.judge.Verification;
import dev.upbeat.task.Problem;
import dev.upbeat.task.endpoint.ChatEndpoint;
import dev.upbeat.task.endpoint.UnavailableException;
import dev.upbeat.trace.ObservedStep;
import dev.upbeat.trace.Rollouts;
import dev.upbeat.trace.Trace;
import dev.upbeat.train.config.JudgeConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Has a judge score the steps of a training step's responses, and adds the scores to their observations. */
final class StepJudge {
    private final Judge judge;
    private final Encoding encoding;
    private final Patience patience;

    StepJudge(Judge judge, Encoding encoding, Patience patience) {
        this.judge = judge;
        this.encoding = encoding;
        this.patience = patience;
    }

    /**
     * @param critiques number of critiques of a response; 0 for a verification of each step
     * @param known judgements of the run
     */
    static StepJudge of(
            JudgeConfig config, int critiques, JudgementFile known, Encoding encoding, TrainingListener listener) {
        Judging judging = critiques > 0 ? new Critiques(critiques) : new Verification();
        ChatEndpoint chat = new ChatEndpoint(config.endpoint(), config.sampling(judging.readsLogProbs()));
        return new StepJudge(
                new Judge(config.endpoint(), chat, judging, config.attempts(), known),
                encoding,
                new Patience(Duration.ofSeconds(config.patienceSeconds()), TrainingTask.PAUSE, listener));
    }

    Patience patience() {
        return patience;
    }

    /** Name of the series that is added. */
    String series() {
        return judge.judging().series();
    }

    /**
     * Adds the judgements to the observed responses. A response whose advantage is 0 is judged only if
     * {@link Judging#judgesAll}. The series is undefined for responses without a judgement.
     *
     * @param problems problems of the step, [B / G]
     * @param advantages advantage of each response, [B]
     * @throws UnavailableException if the judge stays unavailable
     */
    ObservedStep judge(List<Problem> problems, Rollouts rollouts, float[] advantages, ObservedStep seen) {
        List<Integer> judged = new ArrayList<>();
        List<Judge.Response> responses = new ArrayList<>();
        for (int i = 0; i < advantages.length; i++) {
            if (seen.observations().get(i) != null
                    && (advantages[i] != 0 || judge.judging().judgesAll())) {
                judged.add(i);
                responses.add(new Judge.Response(
                        problems.get(i / rollouts.group()),
                        steps(rollouts.traces().get(i))));
            }
        }
        List<float @Nullable []> values = patience.await(() -> judge.judge(responses));
        Map<Integer, float[]> scores = new HashMap<>();
        for (int j = 0; j < values.size(); j++) {
            float[] ofSteps = values.get(j);
            if (ofSteps != null) {
                ResponseSteps steps = responses.get(j).steps();
                scores.put(judged.get(j), steps.spread(ofSteps, judge.judging().withoutSteps()));
            }
        }
        return seen.with(series(), (i, observation) -> {
            float[] undefined = new float[observation.length()];
            Arrays.fill(undefined, Float.NaN);
            return scores.getOrDefault(i, undefined);
        });
    }

    /** The steps of a response; the stop token is not part of its text. */
    private ResponseSteps steps(Trace trace) {
        List<String> tokens = new ArrayList<>(encoding.texts(trace.responseIds()));
        Set<Integer> stops = encoding.stopIds();
        for (int t = 0; t < tokens.size(); t++) {
            if (stops.contains(trace.responseIds()[t])) {
                tokens.set(t, "");
            }
        }
        return ResponseSteps.of(tokens);
    }
}
