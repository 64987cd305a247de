package dev.upbeat.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.upbeat.checkpoint.Checkpoint;
import dev.upbeat.model.Decoder;
import dev.upbeat.tensor.Dtype;
import dev.upbeat.trace.Trace;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Adapters that peft 0.21 saved, over tiny random models, against what peft computes with them in float64; generator and tolerance
 * as the README of the LoRA fixtures states them.
 */
class LoraParityTest {
    private static final double TOLERANCE = 1e-5;

    private static final Path LORA = folder();

    private static Path folder() {
        try {
            return Path.of(Objects.requireNonNull(LoraParityTest.class.getResource("/lora/README.md"))
                            .toURI())
                    .resolveSibling("");
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode golden() throws IOException {
        return new ObjectMapper().readTree(LORA.resolve("golden.json").toFile());
    }

    static List<Map.Entry<String, JsonNode>> cases() throws IOException {
        return new ArrayList<>(golden().path("cases").properties());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void logProbsAreThoseOfPeft(Map.Entry<String, JsonNode> golden) throws IOException {
        double[] expected = StreamSupport.stream(
                        golden.getValue().path("log_prob").spliterator(), false)
                .mapToDouble(JsonNode::doubleValue)
                .toArray();
        Path base = LORA.resolve(golden.getValue().path("base").asText());
        float[] adapted = logProbs(base, LORA.resolve(golden.getKey()));
        assertThat(difference(adapted, expected)).as("difference from peft").isLessThan(TOLERANCE);
        assertThat(difference(logProbs(base, null), expected)).as("effect").isGreaterThan(0.05);
    }

    private static double difference(float[] given, double[] expected) {
        return IntStream.range(0, expected.length)
                .mapToDouble(t -> Math.abs(given[t] - expected[t]))
                .max()
                .orElseThrow();
    }

    private static float[] logProbs(Path base, @Nullable Path adapter) throws IOException {
        int[] ids = StreamSupport.stream(golden().path("ids").spliterator(), false)
                .mapToInt(JsonNode::intValue)
                .toArray();
        int prompt = golden().path("prompt").intValue();
        Trace trace =
                new Trace("t", Arrays.copyOf(ids, prompt), Arrays.copyOfRange(ids, prompt, ids.length), null, 1, null);
        try (Checkpoint checkpoint = Checkpoint.open(base, adapter);
                Decoder decoder = Decoder.load(checkpoint.config(), checkpoint.weights(), Dtype.F32)) {
            return new Observer(decoder, RhythmOptions.analysis(List.of(0, 1, 2)))
                    .observe(List.of(trace))
                    .observations()
                    .get(0)
                    .logProbs();
        }
    }
}
