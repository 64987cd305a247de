package dev.upbeat.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.upbeat.io.AtomicFiles;
import dev.upbeat.io.BadInputException;
import dev.upbeat.io.InputFiles;
import dev.upbeat.json.ParseFault;
import dev.upbeat.trace.AttentionWeights;
import dev.upbeat.trace.GroupWeight;
import dev.upbeat.trace.Head;
import dev.upbeat.trace.HeadGroups;
import dev.upbeat.trace.Horizon;
import dev.upbeat.trace.RhythmSettings;
import java.io.CharConversionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code heads.json}: {@code {"layers": [..], "span_tokens": {"10": [one per head]}, "local": [[layer, head]..],
 * "global": [..], "receiver": [..], "rho", "receiver_rho", "group_weight", "weights", "window", "horizon": [10, 100] or [1, "end"]}}.
 */
public final class HeadsFile {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private HeadsFile() {}

    public static void write(Path file, HeadGroups groups) throws IOException {
        AtomicFiles.writeString(file, JSON.writeValueAsString(json(groups)) + "\n");
    }

    /** The content of heads.json. */
    public static ObjectNode json(HeadGroups groups) {
        ObjectNode root = JSON.createObjectNode();
        ArrayNode layers = root.putArray("layers");
        groups.layers().forEach(layers::add);
        ObjectNode spans = root.putObject("span_tokens");
        groups.spanTokens().forEach((layer, ofHeads) -> {
            ArrayNode row = spans.putArray(layer.toString());
            for (float span : ofHeads) {
                row.add(span);
            }
        });
        putHeads(root.putArray("local"), groups.local());
        putHeads(root.putArray("global"), groups.global());
        putHeads(root.putArray("receiver"), groups.receiver());
        root.put("rho", groups.settings().rho());
        root.put("receiver_rho", groups.settings().receiverRho());
        if (groups.settings().receiverGap() != null) {
            root.put("receiver_gap", groups.settings().receiverGap());
        }
        root.put("group_weight", groups.settings().groupWeight().name().toLowerCase(Locale.ROOT));
        root.put("weights", groups.settings().weights().toString());
        root.put("window", groups.settings().window());
        Horizon horizon = groups.settings().horizon();
        ArrayNode ends = root.putArray("horizon").add(horizon.lo());
        if (horizon.open()) {
            ends.add("end");
        } else {
            ends.add(horizon.hi());
        }
        return root;
    }

    private static void putHeads(ArrayNode array, List<Head> heads) {
        heads.forEach(head -> array.addArray().add(head.layer()).add(head.head()));
    }

    /** @throws BadInputException if the file is not there, or not what {@link #write} writes */
    public static HeadGroups read(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new BadInputException(file + ": no such file; expected head groups in the form of heads.json");
        }
        try {
            return parse(JSON.readTree(InputFiles.bytes(file, InputFiles.SETTINGS_BYTES)), file.toString());
        } catch (JsonProcessingException e) {
            throw new BadInputException(
                    file + ": not valid JSON (" + ParseFault.placed(e)
                            + "); expected head groups in the form of heads.json",
                    e);
        } catch (CharConversionException e) {
            throw new BadInputException(file + ": not UTF-8; expected head groups in the form of heads.json", e);
        }
    }

    /**
     * Reads head groups from the content of heads.json.
     *
     * @param origin name of the content in messages
     * @throws BadInputException if the content is not what {@link #json} gives
     */
    public static HeadGroups parse(JsonNode root, String origin) {
        return new Reader(origin, root).groups();
    }

    private record Reader(String origin, JsonNode root) {
        HeadGroups groups() {
            TreeMap<Integer, float[]> spans = spans();
            HeadGroups groups = new HeadGroups(
                    List.copyOf(spans.keySet()),
                    spans,
                    heads("local", spans),
                    heads("global", spans),
                    heads("receiver", spans),
                    settings());
            List<Integer> layers = new ArrayList<>();
            array("layers").forEach(layer -> layers.add(wholeNumber(layer, "layers")));
            if (!layers.equals(groups.layers())) {
                throw wrong("layers are " + layers + " and span_tokens has " + groups.layers()
                        + "; expected the same, ascending");
            }
            if (groups.local().isEmpty() || groups.global().isEmpty()) {
                throw wrong("local or global is empty; expected at least one head in each");
            }
            if (groups.local().stream().anyMatch(groups.global()::contains)) {
                throw wrong("a head is both local and global; expected two groups without overlap");
            }
            return groups;
        }

        private RhythmSettings settings() {
            double rho = number("rho");
            double receiverRho =
                    root.has("receiver_rho") ? number("receiver_rho") : RhythmSettings.ANALYSIS.receiverRho();
            int window = wholeNumber(root.path("window"), "window");
            Horizon horizon = horizon();
            try {
                return new RhythmSettings(rho, receiverRho, groupWeight(), window, horizon, receiverGap(), weights());
            } catch (BadInputException e) {
                throw wrong(String.valueOf(e.getMessage()));
            }
        }

        private @Nullable Integer receiverGap() {
            return root.has("receiver_gap") ? wholeNumber(root.path("receiver_gap"), "receiver_gap") : null;
        }

        /** Older files have no weight; their spans are token-weighted. */
        private GroupWeight groupWeight() {
            String text = root.path("group_weight").asText("token");
            return Stream.of(GroupWeight.values())
                    .filter(weight -> weight.name().toLowerCase(Locale.ROOT).equals(text))
                    .findFirst()
                    .orElseThrow(() -> wrong("group_weight is " + text + "; expected token or response"));
        }

        /** Older files have no weights; theirs are the paper's. */
        private AttentionWeights weights() {
            String text = root.path("weights").asText(AttentionWeights.ATTENTION.toString());
            return Stream.of(AttentionWeights.values())
                    .filter(weights -> weights.toString().equals(text))
                    .findFirst()
                    .orElseThrow(() -> wrong("weights is " + text + "; expected attention or value-norm"));
        }

        private TreeMap<Integer, float[]> spans() {
            TreeMap<Integer, float[]> spans = new TreeMap<>();
            for (var entry : root.path("span_tokens").properties()) {
                if (!entry.getKey().matches("\\d{1,6}")) {
                    throw wrong("span_tokens has the key \"" + entry.getKey() + "\"; expected a layer");
                }
                float[] ofHeads = new float[entry.getValue().size()];
                for (int head = 0; head < ofHeads.length; head++) {
                    ofHeads[head] = entry.getValue().get(head).isNumber()
                            ? entry.getValue().get(head).floatValue()
                            : Float.NaN;
                    if (!(ofHeads[head] >= 0) || Float.isInfinite(ofHeads[head])) {
                        throw wrong("span_tokens." + entry.getKey() + "[" + head + "] is "
                                + entry.getValue().get(head) + "; expected tokens, 0 or more");
                    }
                }
                if (ofHeads.length == 0) {
                    throw wrong("span_tokens." + entry.getKey() + " is empty; expected a number for each head");
                }
                spans.put(Integer.valueOf(entry.getKey()), ofHeads);
            }
            if (spans.isEmpty()) {
                throw wrong("span_tokens is missing or empty; expected {\"layer\": [one number a head]}");
            }
            return spans;
        }

        private List<Head> heads(String name, TreeMap<Integer, float[]> spans) {
            TreeSet<Head> heads = new TreeSet<>();
            for (JsonNode pair : array(name)) {
                if (!pair.isArray() || pair.size() != 2) {
                    throw wrong(name + " has " + pair + "; expected [layer, head]");
                }
                Head head = new Head(wholeNumber(pair.get(0), name), wholeNumber(pair.get(1), name));
                float[] layer = spans.get(head.layer());
                if (layer == null || head.head() < 0 || head.head() >= layer.length) {
                    throw wrong(name + " has " + pair + ", which span_tokens does not have");
                }
                if (!heads.add(head)) {
                    throw wrong(name + " has " + pair + " twice");
                }
            }
            return List.copyOf(heads);
        }

        private Horizon horizon() {
            ArrayNode ends = array("horizon");
            if (ends.size() == 2) {
                int lo = wholeNumber(ends.get(0), "horizon");
                int hi = "end".equals(ends.get(1).textValue()) ? Horizon.END : wholeNumber(ends.get(1), "horizon");
                if (lo >= 0 && hi >= lo) {
                    return new Horizon(lo, hi);
                }
            }
            throw wrong("horizon is " + ends + "; expected [lo, hi] or [lo, \"end\"] with 0 <= lo <= hi");
        }

        private ArrayNode array(String name) {
            if (root.path(name) instanceof ArrayNode array) {
                return array;
            }
            throw wrong(name + " is missing or not an array");
        }

        private double number(String name) {
            if (!root.path(name).isNumber()) {
                throw wrong(name + " is missing or not a number");
            }
            return root.path(name).doubleValue();
        }

        private int wholeNumber(JsonNode node, String name) {
            if (!node.isIntegralNumber() || !node.canConvertToInt()) {
                throw wrong(name + " has " + (node.isMissingNode() ? "nothing" : node) + "; expected a whole number");
            }
            return node.intValue();
        }

        private BadInputException wrong(String message) {
            return new BadInputException(origin + ": " + message);
        }
    }
}
