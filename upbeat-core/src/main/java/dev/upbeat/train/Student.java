package dev.upbeat.train;

import dev.upbeat.learn.Learner;
import dev.upbeat.learn.PolicySample;
import dev.upbeat.learn.UpdateStats;
import dev.upbeat.model.Decoder;
import dev.upbeat.model.TokenScores;
import dev.upbeat.observe.Observer;
import dev.upbeat.trace.Trace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Hands all responses of a step to the learner, once for each phase of their credit. */
final class Student {
    private final Learner learner;
    private final @Nullable Decoder reference;
    private final boolean masksTruncated;

    /**
     * @param reference frozen, for a KL term; null for none
     * @param masksTruncated whether truncated responses do not count
     */
    Student(Learner learner, @Nullable Decoder reference, boolean masksTruncated) {
        this.learner = learner;
        this.reference = reference;
        this.masksTruncated = masksTruncated;
    }

    /**
     * What an update did.
     *
     * @param stats of its gradient steps
     * @param seconds that it took
     */
    record Update(UpdateStats stats, double seconds) {}

    Update update(Journal.Entry entry) throws IOException {
        Seconds clock = new Seconds();
        List<Trace> traces = entry.rollouts().traces();
        List<TokenScores> byReference = reference == null ? null : Observer.score(reference, traces);
        List<UpdateStats> phases = new ArrayList<>();
        for (float[][] gamma : entry.credit().phases(entry.batch())) {
            phases.add(learner.update(samples(entry, gamma, byReference)));
        }
        return new Update(mean(phases), clock.passed());
    }

    /** Those that were not observed have no advantage: their old log-probs and weights do not matter. */
    private List<PolicySample> samples(Journal.Entry entry, float[][] gamma, @Nullable List<TokenScores> byReference) {
        Rollouts rollouts = entry.rollouts();
        List<PolicySample> samples = new ArrayList<>();
        for (int i = 0, seen = 0; i < rollouts.traces().size(); i++) {
            boolean observed = seen < gamma.length && entry.seen().responses()[seen] == i;
            float[] drawn = rollouts.logProbs().get(i);
            samples.add(new PolicySample(
                    rollouts.traces().get(i),
                    observed ? entry.seen().observations().get(seen).logProbs() : drawn,
                    observed ? entry.batch().advantages()[seen] : 0,
                    observed ? gamma[seen] : ones(drawn.length),
                    byReference == null ? null : byReference.get(i).logProbs(),
                    masksTruncated && rollouts.truncated()[i]));
            seen += observed ? 1 : 0;
        }
        return samples;
    }

    /** Over all phases, means over tokens weighed by their numbers. */
    private static UpdateStats mean(List<UpdateStats> phases) {
        if (phases.size() == 1) {
            return phases.get(0);
        }
        long tokens = phases.stream().mapToLong(UpdateStats::tokens).sum();
        Averaging overTokens = value -> phases.stream()
                        .mapToDouble(phase -> value.applyAsDouble(phase) * phase.tokens())
                        .sum()
                / tokens;
        UpdateStats last = phases.get(phases.size() - 1);
        return new UpdateStats(
                phases.stream().mapToDouble(UpdateStats::loss).average().orElseThrow(),
                overTokens.of(UpdateStats::kl),
                overTokens.of(UpdateStats::entropyNats),
                overTokens.of(UpdateStats::approximateKl),
                phases.stream().mapToDouble(UpdateStats::gradientNorm).average().orElseThrow(),
                last.learningRate(),
                overTokens.of(UpdateStats::clipLowMean),
                overTokens.of(UpdateStats::clipHighMean),
                overTokens.of(UpdateStats::clipRegionMean),
                phases.stream().mapToInt(UpdateStats::gradientSteps).sum(),
                tokens);
    }

    private interface Averaging {
        double of(ToDoubleFunction<UpdateStats> value);
    }

    private static float[] ones(int length) {
        float[] ones = new float[length];
        Arrays.fill(ones, 1);
        return ones;
    }
}
