package dev.upbeat.app.serve;

import com.fasterxml.jackson.databind.JsonNode;
import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.io.BadInputException;
import dev.upbeat.observe.RhythmOptions;
import dev.upbeat.rhythm.HeadGrouping;
import dev.upbeat.rhythm.LayerRange;
import dev.upbeat.trace.AttentionWeights;
import dev.upbeat.trace.GroupWeight;
import dev.upbeat.trace.HeadGroups;
import dev.upbeat.trace.Horizon;
import dev.upbeat.trace.RhythmSettings;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The field {@code rhythm} of a request: the options of {@code upbeat analyze} that choose layers and settings. The default
 * preset is {@code rl}; {@code none} has the defaults of the command.
 */
record RhythmJson(JsonNode given) {
    private static final List<String> FIELDS = List.of(
            "preset",
            "layers",
            "rho",
            "receiver_rho",
            "receiver_gap",
            "group_weight",
            "weights",
            "window",
            "horizon",
            "alignment",
            "receivers");

    /** Fields by which head groups are found. */
    private static final List<String> FINDING =
            List.of("rho", "receiver_rho", "receiver_gap", "group_weight", "weights");

    /** @throws BadInputException if the field is not an object, or has unknown fields */
    RhythmJson {
        if (!given.isMissingNode() && !given.isObject()) {
            throw new BadInputException("rhythm is " + JsonReading.shown(given) + "; expected an object");
        }
        given.fieldNames().forEachRemaining(name -> JsonReading.requireKnown("rhythm", name, FIELDS));
    }

    /**
     * @param groups fixed head groups; null to find them
     * @param usualReceivers whether receivers are measured if the request does not say
     * @throws BadInputException if a value is out of range, or does not fit the model
     */
    RhythmOptions options(ModelConfig model, @Nullable HeadGroups groups, boolean usualReceivers) {
        String preset = choice("preset", "rl", "none");
        boolean rl = preset.equals("rl");
        boolean choosesLayers = given.hasNonNull("layers") || given.hasNonNull("preset");
        List<Integer> layers = groups != null && !choosesLayers
                ? groups.layers()
                : LayerRange.parse(layersText(rl)).resolve(model.layers());
        RhythmSettings settings = settings(rl, groups == null ? null : groups.settings());
        if (groups == null) {
            HeadGrouping.groupSize(settings.rho(), layers.size() * model.heads());
        }
        boolean receivers = flag("receivers", usualReceivers);
        String alignment = choice("alignment", "token", "predictor");
        HeadGroups fixed = groups == null
                ? null
                : new HeadGroups(
                        groups.layers(),
                        groups.spanTokens(),
                        groups.local(),
                        groups.global(),
                        receivers ? groups.receiver() : List.of(),
                        settings);
        return new RhythmOptions(
                layers,
                settings,
                receivers,
                RhythmOptions.Alignment.valueOf(alignment.toUpperCase(Locale.ROOT)),
                fixed,
                RhythmOptions.Extras.NONE);
    }

    private RhythmSettings settings(boolean rl, @Nullable RhythmSettings found) {
        RhythmSettings usual = rl ? RhythmSettings.TRAINING : RhythmSettings.ANALYSIS;
        if (found != null) {
            for (String name : FINDING) {
                if (given.hasNonNull(name)) {
                    throw new BadInputException("rhythm." + name
                            + " selects heads, but groups gives fixed groups; leave one of the two out");
                }
            }
        }
        RhythmSettings selecting = found == null ? usual : found;
        String weight = choice("group_weight", words(selecting.groupWeight()));
        return new RhythmSettings(
                number("rho", selecting.rho()),
                number("receiver_rho", selecting.receiverRho()),
                GroupWeight.valueOf(weight.toUpperCase(Locale.ROOT)),
                given.hasNonNull("window") ? whole("window") : usual.window(),
                horizon(usual.horizon()),
                given.hasNonNull("receiver_gap") ? Integer.valueOf(whole("receiver_gap")) : selecting.receiverGap(),
                AttentionWeights.valueOf(choice("weights", words(selecting.weights()))
                        .toUpperCase(Locale.ROOT)
                        .replace('-', '_')));
    }

    /** The words of the choice, the usual one first. */
    private static <E extends Enum<E>> String[] words(E usual) {
        return Arrays.stream(usual.getDeclaringClass().getEnumConstants())
                .sorted((a, b) -> Boolean.compare(b == usual, a == usual))
                .map(value -> value.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .toArray(String[]::new);
    }

    private String layersText(boolean rl) {
        JsonNode layers = given.path("layers");
        if (!given.hasNonNull("layers")) {
            return rl ? "middle-third/5" : "all";
        }
        if (layers.isArray()) {
            return StreamSupport.stream(layers.spliterator(), false)
                    .map(layer -> layer.isIntegralNumber() ? layer.asText() : JsonReading.shown(layer))
                    .collect(Collectors.joining(","));
        }
        return layers.isTextual() ? JsonReading.quoted(layers.textValue(), 1000) : JsonReading.shown(layers);
    }

    private Horizon horizon(Horizon usual) {
        if (!given.hasNonNull("horizon")) {
            return usual;
        }
        JsonNode ends = given.get("horizon");
        if (ends.isArray() && ends.size() == 2 && ends.get(0).isInt()) {
            int lo = ends.get(0).intValue();
            boolean open = "end".equals(ends.get(1).textValue());
            int hi = open ? Horizon.END : ends.get(1).isInt() ? ends.get(1).intValue() : -1;
            if (lo >= 0 && hi >= lo) {
                return new Horizon(lo, hi);
            }
        }
        throw new BadInputException("rhythm.horizon is " + JsonReading.quoted(ends.toString(), 80)
                + "; expected [lo, hi] in tokens with 0 <= lo <= hi, or [lo, \"end\"]");
    }

    /** @param words the possible values, the default first */
    private String choice(String name, String... words) {
        if (!given.hasNonNull(name)) {
            return words[0];
        }
        String text = given.get(name).asText();
        if (!given.get(name).isTextual() || !Arrays.asList(words).contains(text)) {
            throw new BadInputException("rhythm." + name + " is " + JsonReading.shown(given.get(name)) + "; expected "
                    + String.join(" or ", words));
        }
        return text;
    }

    private boolean flag(String name, boolean usual) {
        if (given.hasNonNull(name) && !given.get(name).isBoolean()) {
            throw new BadInputException(
                    "rhythm." + name + " is " + JsonReading.shown(given.get(name)) + "; expected true or false");
        }
        return given.path(name).asBoolean(usual);
    }

    private double number(String name, double usual) {
        if (given.hasNonNull(name) && !given.get(name).isNumber()) {
            throw new BadInputException(
                    "rhythm." + name + " is " + JsonReading.shown(given.get(name)) + "; expected a number");
        }
        return given.path(name).asDouble(usual);
    }

    private int whole(String name) {
        if (!given.get(name).isInt()) {
            throw new BadInputException("rhythm." + name + " is " + JsonReading.shown(given.get(name))
                    + "; expected a whole number of tokens");
        }
        return given.get(name).intValue();
    }
}
