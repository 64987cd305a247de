package dev.upbeat.learn;

import dev.upbeat.checkpoint.Architecture;
import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.model.TokenScores;
import dev.upbeat.observe.Observer;
import dev.upbeat.tensor.Tensors;
import dev.upbeat.testing.RandomTraces;
import dev.upbeat.testing.TinyDecoder;
import dev.upbeat.trace.Trace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.PointerScope;
import org.jspecify.annotations.NullMarked;

/** Policies of some kilobytes and responses to learn from. */
@NullMarked
final class TinyPolicies {
    static final int V = 40;

    private TinyPolicies() {}

    static ModelConfig config() {
        return TinyDecoder.config(Architecture.LLAMA);
    }

    /** Responses of 3 to 30 tokens, G to each prompt. */
    static List<Trace> traces(int prompts, int group, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Trace> traces = new ArrayList<>();
        for (int p = 0; p < prompts; p++) {
            int[] prompt = RandomTraces.ids(random, 4 + p % 3, V);
            for (int g = 0; g < group; g++) {
                int[] response = RandomTraces.ids(random, random.nextInt(3, 31), V);
                traces.add(new Trace(p + "-" + g, prompt, response, null, 1, null));
            }
        }
        return traces;
    }

    /** The traces with their present log-probs, advantages of either sign and gammas of 1 and 1.5. */
    static List<PolicySample> samples(Policy policy, List<Trace> traces) {
        List<TokenScores> scores = Observer.score(policy.decoder(), traces);
        List<PolicySample> samples = new ArrayList<>();
        for (int i = 0; i < traces.size(); i++) {
            float[] gamma = new float[traces.get(i).responseIds().length];
            for (int t = 0; t < gamma.length; t++) {
                gamma[t] = t % 3 == 0 ? 1.5f : 1;
            }
            float advantage = i % 2 == 0 ? 1 + i / 10f : -1;
            samples.add(sample(traces.get(i), scores.get(i).logProbs(), advantage, gamma));
        }
        return samples;
    }

    static PolicySample sample(Trace trace, float[] oldLogProbs, float advantage, float[] gamma) {
        return new PolicySample(trace, oldLogProbs, advantage, tokenAdvantages(advantage, gamma), null, false);
    }

    /** {@code gamma_t A}, [T]. */
    static double[] tokenAdvantages(double advantage, float[] gamma) {
        double[] tokenAdvantages = new double[gamma.length];
        for (int t = 0; t < gamma.length; t++) {
            tokenAdvantages[t] = gamma[t] * advantage;
        }
        return tokenAdvantages;
    }

    static float[] masters(Policy policy) {
        try (PointerScope scope = new PointerScope()) {
            return Tensors.toFloats(policy.masters());
        }
    }

    static float[] gradients(Policy policy) {
        try (PointerScope scope = new PointerScope()) {
            return Tensors.toFloats(policy.weights().gradients());
        }
    }

    static Optimization optimization(double learningRate, int microBatchTokens) {
        return new Optimization(Schedule.constant(learningRate), 0.9, 0.999, 1e-8, 0, 1, microBatchTokens, false);
    }

    /** Sum of the response's log-probs by the policy's decoder. */
    static double logLikelihood(Policy policy, Trace trace) {
        float[] logProbs =
                Observer.score(policy.decoder(), List.of(trace)).get(0).logProbs();
        return Arrays.stream(toDoubles(logProbs)).sum();
    }

    private static double[] toDoubles(float[] values) {
        double[] doubles = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            doubles[i] = values[i];
        }
        return doubles;
    }
}
