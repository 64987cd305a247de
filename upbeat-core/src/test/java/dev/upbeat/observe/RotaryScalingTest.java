package dev.upbeat.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.upbeat.checkpoint.Checkpoint;
import dev.upbeat.model.Decoder;
import dev.upbeat.model.TokenScores;
import dev.upbeat.rollout.Generator;
import dev.upbeat.rollout.Response;
import dev.upbeat.rollout.Sampling;
import dev.upbeat.tensor.Dtype;
import dev.upbeat.testing.OneThread;
import dev.upbeat.testing.ParityFixture;
import dev.upbeat.trace.Trace;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Yarn and dynamic rotary scaling against transformers, below, at and beyond the original context. Golden:
 * src/test/python/rope_golden.py, float64; it states the tolerances.
 */
@ExtendWith(OneThread.class)
class RotaryScalingTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    /** @param json the variant's part of the golden file */
    record Variant(JsonNode json) {
        @Override
        public String toString() {
            return json.get("name").asText();
        }
    }

    static List<Variant> variants() {
        return rows(golden().get("variants")).map(Variant::new).toList();
    }

    @ParameterizedTest
    @MethodSource("variants")
    void logProbsOfABatchEqualThoseOfEachSequence(Variant variant) throws IOException {
        with(variant, decoder -> {
            List<TraceBatch> batches =
                    TraceBatch.cut(traces(), 4096, decoder.config().ropeScaling());
            assertThat(batches).hasSize(1);
            List<TokenScores> scores = BatchPass.scores(decoder, batches.get(0));
            for (int b = 0; b < scores.size(); b++) {
                JsonNode row =
                        variant.json.get("traces").get(batches.get(0).indices().get(b));
                assertClose(row, "log_prob", scores.get(b).logProbs(), 2e-5);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("variants")
    void gradientsAreThoseOfEachSequenceAlone(Variant variant) throws IOException {
        with(variant, decoder -> {
            List<float[]> norms = GradientNorms.of(decoder, traces());
            double largest = rows(variant.json.get("traces"))
                    .flatMap(row -> rows(row.get("gradient_norm")))
                    .mapToDouble(JsonNode::asDouble)
                    .max()
                    .orElseThrow();
            for (int i = 0; i < norms.size(); i++) {
                assertClose(variant.json.get("traces").get(i), "gradient_norm", norms.get(i), 1e-4 * largest);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("variants")
    void decodingInAnyBatchEqualsTransformersWithOneSequence(Variant variant) throws IOException {
        with(variant, decoder -> {
            List<JsonNode> rows = rows(variant.json.get("greedy")).toList();
            List<int[]> prompts =
                    rows.stream().map(row -> ids(row, "prompt_ids")).toList();
            Sampling greedy = Sampling.greedy(ids(rows.get(0), "new_ids").length, Set.of());
            List<Response> together = new Generator(decoder, 8).generate(prompts, greedy);
            for (int i = 0; i < rows.size(); i++) {
                assertThat(together.get(i).ids())
                        .as("after %d tokens", prompts.get(i).length)
                        .containsExactly(ids(rows.get(i), "new_ids"));
            }
        });
    }

    private interface Check {
        void run(Decoder decoder);
    }

    /** Runs a check on the fixture's weights with the variant's configuration. */
    private void with(Variant variant, Check check) throws IOException {
        Path weights = ParityFixture.named("qwen3").directory();
        ObjectNode config =
                (ObjectNode) JSON.readTree(weights.resolve("config.json").toFile());
        variant.json.get("config").properties().forEach(key -> {
            if (key.getValue().isNull()) {
                config.remove(key.getKey());
            } else {
                config.set(key.getKey(), key.getValue());
            }
        });
        Files.writeString(directory.resolve("config.json"), config.toString());
        Files.copy(weights.resolve("model.safetensors"), directory.resolve("model.safetensors"));
        try (Checkpoint checkpoint = Checkpoint.open(directory);
                Decoder decoder = Decoder.load(checkpoint.config(), checkpoint.weights(), Dtype.F32)) {
            check.run(decoder);
        }
    }

    private static List<Trace> traces() {
        return rows(golden().get("traces"))
                .map(row -> new Trace(
                        row.get("id").asText(), ids(row, "prompt_ids"), ids(row, "response_ids"), null, 1, null))
                .toList();
    }

    private static void assertClose(JsonNode row, String key, float[] given, double tolerance) {
        assertThat(given).hasSize(row.get(key).size());
        for (int t = 0; t < given.length; t++) {
            assertThat((double) given[t])
                    .as("%s of %s at %d", key, row.get("id").asText(), t)
                    .isCloseTo(row.get(key).get(t).asDouble(), within(tolerance));
        }
    }

    private static int[] ids(JsonNode row, String key) {
        return IntStream.range(0, row.get(key).size())
                .map(i -> row.get(key).get(i).asInt())
                .toArray();
    }

    private static Stream<JsonNode> rows(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    private static JsonNode golden() {
        try (InputStream in =
                Objects.requireNonNull(RotaryScalingTest.class.getResourceAsStream("/rope/golden.json"))) {
            return JSON.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
