package dev.upbeat.learn;

import dev.upbeat.model.Decoder;
import dev.upbeat.model.TokenScores;
import dev.upbeat.observe.Observer;
import dev.upbeat.trace.Rollouts;
import dev.upbeat.trace.Step;
import dev.upbeat.trace.Trace;
import dev.upbeat.trace.Update;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Updates the policy with the responses of a step, once for each update that credit returns. */
public final class Updater {
    private final Learner learner;
    private final @Nullable Decoder reference;
    private final Responses responses;

    /**
     * How responses enter the loss.
     *
     * @param masksTruncated whether truncated ones are left out
     * @param drawnByOthers whether other weights than the policy's draw them, so that metrics.jsonl has the mismatch
     * @param importanceThreshold largest importance weight of a token (arXiv 2510.13554 has none; the truncation is that of
     *     verl); infinite for weights of 1
     */
    public record Responses(boolean masksTruncated, boolean drawnByOthers, double importanceThreshold) {
        /** All of them, drawn by the policy. */
        public static final Responses ALL = new Responses(false, false, Double.POSITIVE_INFINITY);

        private boolean isWeighted() {
            return importanceThreshold < Double.POSITIVE_INFINITY;
        }
    }

    /** @param reference frozen reference policy of the KL term; null for none */
    public Updater(Learner learner, @Nullable Decoder reference, Responses responses) {
        this.learner = learner;
        this.reference = reference;
        this.responses = responses;
    }

    /**
     * The outcome of a step's updates.
     *
     * @param stats over all updates; means over tokens are weighted by each update's number of tokens
     * @param mismatch of the responses: rounding alone unless other weights than the policy's drew them
     * @param drawnByOthers whether they did
     * @param seconds duration of the updates
     */
    public record Result(UpdateStats stats, RolloutMismatch mismatch, boolean drawnByOthers, double seconds) {}

    /**
     * Runs the updates.
     *
     * @param step a training step with rollouts
     * @param updates at least one
     */
    public Result update(Step step, List<Update> updates) {
        long start = System.nanoTime();
        List<Trace> traces = step.trainingRollouts().traces();
        List<TokenScores> referenceScores = reference == null ? null : Observer.score(reference, traces);
        UpdateStats stats = mean(updates.stream()
                .map(update -> learner.update(samples(step, update, referenceScores)))
                .toList());
        RolloutMismatch mismatch = RolloutMismatch.of(step, responses.importanceThreshold);
        return new Result(stats, mismatch, responses.drawnByOthers, (System.nanoTime() - start) / 1e9);
    }

    /**
     * The responses of a step with the token advantages of one update. A response that was not observed has advantage
     * 0, so its old log-probs do not affect the loss. The log-probs of the rollout take their place.
     */
    private List<PolicySample> samples(Step step, Update update, @Nullable List<TokenScores> referenceScores) {
        Rollouts rollouts = step.trainingRollouts();
        boolean @Nullable [][] entropyTokens = update.entropyTokens();
        List<PolicySample> samples = new ArrayList<>();
        for (int i = 0; i < step.size(); i++) {
            boolean observed = step.isObserved(i);
            samples.add(new PolicySample(
                    rollouts.traces().get(i),
                    observed
                            ? step.observation(i).logProbs()
                            : rollouts.logProbs().get(i),
                    observed ? step.advantages()[i] : 0,
                    update.tokenAdvantages()[i],
                    referenceScores == null ? null : referenceScores.get(i).logProbs(),
                    responses.masksTruncated && rollouts.truncated()[i],
                    entropyTokens == null ? null : entropyTokens[i],
                    observed && responses.isWeighted()
                            ? RolloutMismatch.importance(
                                    step.observation(i).logProbs(),
                                    rollouts.logProbs().get(i),
                                    responses.importanceThreshold)
                            : null));
        }
        return samples;
    }

    private static UpdateStats mean(List<UpdateStats> updates) {
        if (updates.size() == 1) {
            return updates.get(0);
        }
        long tokens = updates.stream().mapToLong(UpdateStats::tokens).sum();
        TokenMean overTokens = value -> updates.stream()
                        .mapToDouble(update -> value.applyAsDouble(update) * update.tokens())
                        .sum()
                / tokens;
        UpdateStats last = updates.get(updates.size() - 1);
        return new UpdateStats(
                updates.stream().mapToDouble(UpdateStats::loss).average().orElseThrow(),
                overTokens.of(UpdateStats::kl),
                overTokens.of(UpdateStats::entropyNats),
                overTokens.of(UpdateStats::approximateKl),
                updates.stream()
                        .mapToDouble(UpdateStats::gradientNorm)
                        .average()
                        .orElseThrow(),
                last.learningRate(),
                overTokens.of(UpdateStats::clipLowMean),
                overTokens.of(UpdateStats::clipHighMean),
                overTokens.of(UpdateStats::clipRegionMean),
                updates.stream().mapToInt(UpdateStats::gradientSteps).sum(),
                tokens);
    }

    private interface TokenMean {
        double of(ToDoubleFunction<UpdateStats> value);
    }
}
