package dev.upbeat.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.upbeat.trace.Head;
import dev.upbeat.trace.Horizon;
import dev.upbeat.trace.RhythmSettings;
import dev.upbeat.trace.Trace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.NullMarked;

/**
 * A tiny random model as transformers saves it, with what it computes in float64: {@code parity/<name>/} of the test
 * resources, whose README states generator, versions and tolerances.
 *
 * @param name the case's directory name
 * @param directory the Hugging Face directory, golden.json beside the weights
 * @param traces sequences of unequal lengths with logits, log-probs and entropies
 * @param rhythms one for each combination of layers, alignment and horizon, over all traces
 * @param greedy greedy continuations, stop ids ignored
 */
@NullMarked
public record ParityFixture(
        String name, Path directory, List<GoldenTrace> traces, List<GoldenRhythm> rhythms, List<GoldenGreedy> greedy) {

    /**
     * A sequence and its token statistics.
     *
     * @param trace ids and temperature: tau of log-probs and entropies, not of the logits
     * @param logitsFrom absolute position of the first row of {@code logits}
     * @param logits rows logitsFrom .. N-1, [N - logitsFrom][V]
     * @param logProbs [T], nats
     * @param entropyNats [T]
     */
    public record GoldenTrace(
            Trace trace, int logitsFrom, double[][] logits, double[] logProbs, double[] entropyNats) {}

    /**
     * Head groups, and the token metrics with them.
     *
     * @param layersSpec {@code all} or {@code middle-third/5}
     * @param layers the layers that this names, ascending
     * @param alignment {@code token} or {@code predictor}
     * @param spanTokens layer -> [H], token-weighted over all traces
     * @param receiverScores mean excess kurtosis of each head's column profile: layer -> [H]
     * @param local by (layer, head), as the other two groups
     * @param series in the order of {@link ParityFixture#traces()}
     */
    public record GoldenRhythm(
            String layersSpec,
            List<Integer> layers,
            String alignment,
            RhythmSettings settings,
            SortedMap<Integer, double[]> spanTokens,
            SortedMap<Integer, double[]> receiverScores,
            List<Head> local,
            List<Head> global,
            List<Head> receiver,
            List<GoldenSeries> series) {
        @Override
        public String toString() {
            return "layers " + layersSpec + ", alignment " + alignment + ", horizon " + settings.horizon();
        }
    }

    /**
     * Metrics over the response positions of one trace; NaN where undefined.
     *
     * @param waad [T], tokens
     * @param fai [T], attention weight
     * @param receiverFai [T], attention weight
     */
    public record GoldenSeries(double[] waad, double[] fai, double[] receiverFai) {}

    /** A prompt and the ids that greedy decoding appends to it. */
    public record GoldenGreedy(int[] promptIds, int[] newIds) {}

    /** Every case, sorted by name. */
    public static List<ParityFixture> all() {
        try (Stream<Path> entries = Files.list(root())) {
            return entries.filter(Files::isDirectory)
                    .sorted()
                    .map(ParityFixture::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The case of this name. */
    public static ParityFixture named(String name) {
        return read(root().resolve(name));
    }

    @Override
    public String toString() {
        return name;
    }

    private static Path root() {
        URL readme = ParityFixture.class.getResource("/parity/README.md");
        if (readme == null) {
            throw new IllegalStateException("no parity/README.md among the test resources;"
                    + " make it with src/test/python/make_parity_fixtures.py");
        }
        try {
            return Path.of(readme.toURI()).resolveSibling("");
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ParityFixture read(Path directory) {
        JsonNode golden;
        try {
            golden =
                    new ObjectMapper().readTree(directory.resolve("golden.json").toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ParityFixture(
                directory.getFileName().toString(),
                directory,
                list(golden.required("traces"), ParityFixture::trace),
                list(golden.required("rhythms"), ParityFixture::rhythm),
                list(
                        golden.required("greedy"),
                        row -> new GoldenGreedy(ints(row.required("prompt_ids")), ints(row.required("new_ids")))));
    }

    private static GoldenTrace trace(JsonNode row) {
        return new GoldenTrace(
                new Trace(
                        row.required("id").textValue(),
                        ints(row.required("prompt_ids")),
                        ints(row.required("response_ids")),
                        null,
                        row.required("temperature").doubleValue(),
                        null),
                row.required("logits_from").intValue(),
                list(row.required("logits"), ParityFixture::doubles).toArray(double[][]::new),
                doubles(row.required("log_prob")),
                doubles(row.required("entropy_nats")));
    }

    private static GoldenRhythm rhythm(JsonNode row) {
        return new GoldenRhythm(
                row.required("layers_spec").textValue(),
                list(row.required("layers"), JsonNode::intValue),
                row.required("alignment").textValue(),
                new RhythmSettings(
                        row.required("rho").doubleValue(),
                        row.required("receiver_share").doubleValue(),
                        row.required("window").intValue(),
                        horizon(row.required("horizon").textValue())),
                byLayer(row.required("span_tokens")),
                byLayer(row.required("receiver_scores")),
                list(row.required("local"), ParityFixture::head),
                list(row.required("global"), ParityFixture::head),
                list(row.required("receiver"), ParityFixture::head),
                list(
                        row.required("traces"),
                        series -> new GoldenSeries(
                                doubles(series.required("waad")),
                                doubles(series.required("fai")),
                                doubles(series.required("receiver_fai")))));
    }

    private static Horizon horizon(String text) {
        int colon = text.indexOf(':');
        String hi = text.substring(colon + 1);
        return new Horizon(
                Integer.parseInt(text.substring(0, colon)), hi.equals("end") ? Horizon.END : Integer.parseInt(hi));
    }

    private static Head head(JsonNode pair) {
        return new Head(pair.required(0).intValue(), pair.required(1).intValue());
    }

    private static SortedMap<Integer, double[]> byLayer(JsonNode node) {
        SortedMap<Integer, double[]> layers = new TreeMap<>();
        node.properties().forEach(entry -> layers.put(Integer.valueOf(entry.getKey()), doubles(entry.getValue())));
        return layers;
    }

    private static double[] doubles(JsonNode array) {
        return IntStream.range(0, array.size())
                .mapToDouble(
                        i -> array.get(i).isNull() ? Double.NaN : array.get(i).doubleValue())
                .toArray();
    }

    private static int[] ints(JsonNode array) {
        return IntStream.range(0, array.size())
                .map(i -> array.get(i).intValue())
                .toArray();
    }

    private static <T> List<T> list(JsonNode array, Function<JsonNode, T> element) {
        return StreamSupport.stream(array.spliterator(), false).map(element).toList();
    }
}
