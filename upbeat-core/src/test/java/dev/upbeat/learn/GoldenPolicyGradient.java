package dev.upbeat.learn;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.upbeat.checkpoint.Checkpoint;
import dev.upbeat.tensor.Dtype;
import dev.upbeat.testing.ParityFixture;
import dev.upbeat.trace.Trace;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullMarked;

/**
 * A GRPO loss and its gradients by PyTorch in float64: {@code learn/} of the test resources, whose README states generator
 * and tolerances.
 *
 * @param gradients by the weights' Hugging Face names
 * @param inputGradientNorms of the second sample's log-likelihood, [T]
 */
@NullMarked
record GoldenPolicyGradient(
        String model,
        PolicyLoss policyLoss,
        List<PolicySample> samples,
        long clippedTokens,
        double loss,
        Map<String, Gradient> gradients,
        double[] inputGradientNorms) {

    /** Every {@code step}-th value of a gradient, and the norm of all of it. */
    record Gradient(double norm, int step, double[] values) {}

    static List<GoldenPolicyGradient> all() {
        List<GoldenPolicyGradient> all = new ArrayList<>();
        json("policy-gradients.json").forEach(node -> all.add(of(node)));
        return all;
    }

    static JsonNode json(String name) {
        try (InputStream in = GoldenPolicyGradient.class.getResourceAsStream("/learn/" + name)) {
            return new ObjectMapper().readTree(Objects.requireNonNull(in, name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Policy policy(Dtype compute) {
        try (Checkpoint checkpoint = Checkpoint.open(ParityFixture.named(model).directory())) {
            return Policy.load(checkpoint, compute);
        }
    }

    @Override
    public String toString() {
        return model + " " + policyLoss.average();
    }

    private static GoldenPolicyGradient of(JsonNode node) {
        PolicyLoss loss = new PolicyLoss(
                PolicyLoss.Average.valueOf(node.required("average").textValue()),
                node.required("clip").required(0).doubleValue(),
                node.required("clip").required(1).doubleValue(),
                node.required("kl").doubleValue(),
                node.required("entropy").doubleValue(),
                node.required("max_new_tokens").intValue());
        List<PolicySample> samples = new ArrayList<>();
        node.required("samples").forEach(row -> samples.add(sample(row, samples.size())));
        Map<String, Gradient> gradients = new TreeMap<>();
        node.required("gradients")
                .properties()
                .forEach(entry -> gradients.put(
                        entry.getKey(),
                        new Gradient(
                                entry.getValue().required("norm").doubleValue(),
                                entry.getValue().required("step").intValue(),
                                doubles(entry.getValue().required("values")))));
        return new GoldenPolicyGradient(
                node.required("model").textValue(),
                loss,
                samples,
                node.required("clipped_tokens").longValue(),
                node.required("loss").doubleValue(),
                gradients,
                doubles(node.required("input_gradient_norms")));
    }

    private static PolicySample sample(JsonNode row, int number) {
        Trace trace = new Trace(
                String.valueOf(number),
                ints(row.required("prompt_ids")),
                ints(row.required("response_ids")),
                null,
                row.required("temperature").doubleValue(),
                null);
        float advantage = row.required("advantage").floatValue();
        return new PolicySample(
                trace,
                floats(row.required("old_log_probs")),
                advantage,
                TinyPolicies.tokenAdvantages(advantage, floats(row.required("gamma"))),
                row.required("reference_log_probs").isNull() ? null : floats(row.required("reference_log_probs")),
                row.required("masked").booleanValue());
    }

    static double[] doubles(JsonNode array) {
        return IntStream.range(0, array.size())
                .mapToDouble(i -> array.get(i).doubleValue())
                .toArray();
    }

    private static float[] floats(JsonNode array) {
        float[] floats = new float[array.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = array.get(i).floatValue();
        }
        return floats;
    }

    private static int[] ints(JsonNode array) {
        return IntStream.range(0, array.size())
                .map(i -> array.get(i).intValue())
                .toArray();
    }
}
