package dev.upbeat.train.config;

import com.fasterxml.jackson.databind.JsonNode;
import dev.upbeat.io.BadInputException;
import dev.upbeat.rhythm.AnswerFlow;
import dev.upbeat.rhythm.LayerRange;
import dev.upbeat.rhythm.PathFlow;
import dev.upbeat.rhythm.StepInfluence;
import dev.upbeat.trace.AttentionWeights;
import dev.upbeat.trace.GroupWeight;
import dev.upbeat.trace.Horizon;
import dev.upbeat.trace.RhythmSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How training measures the rhythm, and in which layers.
 *
 * @param layers candidate layers
 * @param settings shares, window and horizon
 * @param heads file with the head groups; null to find them in training
 * @param groupsEvery steps between two choices of head groups; 0 to choose them once, from the first step's responses;
 *     not used with {@code heads}
 * @param receivers whether receiver heads and their FAI are found too
 * @param pathLinks m, strongest links of a token in path-aggregation's flow
 * @param flowLinks m, strongest links of a token in flowtracer's flow; 0 for all
 * @param stepKeys how attnrl joins the attention to the tokens of a step
 * @param alignment {@code token} or {@code predictor}: which row belongs to a token
 */
public record RhythmConfig(
        LayerRange layers,
        RhythmSettings settings,
        @Nullable Path heads,
        int groupsEvery,
        boolean receivers,
        int pathLinks,
        int flowLinks,
        StepInfluence.Keys stepKeys,
        String alignment) {
    private static final RhythmSettings USUAL = RhythmSettings.TRAINING;
    private static final String GROUPS =
            "once, every-step, or {every: K} with K steps of at least 1 (default: every-step)";
    private static final String HORIZON = "[LO, HI] in tokens with 0 <= LO <= HI, or [LO, end] (default: [10, 100])";

    private static final String FOUND = "found";

    static RhythmConfig read(Section section) {
        LayerRange layers = layers(section);
        String heads = section.added("heads", FOUND)
                .path("a heads.json of upbeat analyze, or found to find the heads in training", FOUND);
        double rho = section.optional("rho", USUAL.rho()).number(new Range(0, true, RhythmSettings.MAX_RHO));
        int window = section.optional("window", USUAL.window()).integer(1, 1 << 20);
        Horizon horizon = horizon(section);
        int groupsEvery = groupsEvery(section);
        boolean receivers = section.optional("receivers", false).flag();
        double receiverRho = receiverRho(section, receivers);
        Integer receiverGap = receiverGap(section, receivers, horizon);
        GroupWeight weight = GroupWeight.valueOf(section.added("group_weight", "token")
                .choice("token", "response")
                .toUpperCase(Locale.ROOT));
        AttentionWeights weights = AttentionWeights.valueOf(section.added("weights", "attention")
                .choice("attention", "value-norm")
                .toUpperCase(Locale.ROOT)
                .replace('-', '_'));
        int pathLinks = section.added("path_links", PathFlow.LINKS).integer(1, 1 << 10);
        int flowLinks = section.added("flow_links", AnswerFlow.ALL_LINKS).integer(0, 1 << 10);
        StepInfluence.Keys stepKeys = StepInfluence.Keys.valueOf(
                section.added("step_keys", "sum").choice("sum", "mean").toUpperCase(Locale.ROOT));
        String alignment = section.optional("alignment", "token").choice("token", "predictor");
        return new RhythmConfig(
                layers,
                new RhythmSettings(rho, receiverRho, weight, window, horizon, receiverGap, weights),
                heads.equals(FOUND) ? null : Path.of(heads),
                groupsEvery,
                receivers,
                pathLinks,
                flowLinks,
                stepKeys,
                alignment);
    }

    private static @Nullable Integer receiverGap(Section section, boolean receivers, Horizon horizon) {
        if (!receivers && !section.has("receiver_gap")) {
            return null;
        }
        int gap = section.dependent("receiver_gap", horizon.lo()).integer(0, 1 << 20);
        if (!receivers) {
            throw section.wrong(
                    "receiver_gap", "rhythm.receivers: true as well, because there are no receivers without it");
        }
        return gap == horizon.lo() ? null : gap;
    }

    private static double receiverRho(Section section, boolean receivers) {
        if (!receivers && !section.has("receiver_rho")) {
            return USUAL.receiverRho();
        }
        double share = section.optional("receiver_rho", USUAL.receiverRho()).number(Range.share());
        if (!receivers) {
            throw section.wrong(
                    "receiver_rho", "rhythm.receivers: true as well, because there are no receivers without it");
        }
        return share;
    }

    private static LayerRange layers(Section section) {
        JsonNode node = section.raw("layers", "middle-third/5");
        String text = node == null ? "middle-third/5" : node.isArray() ? commas(node) : node.asText();
        try {
            LayerRange range = LayerRange.parse(text);
            section.keep("layers", text);
            return range;
        } catch (BadInputException e) {
            throw section.wrong(
                    "layers",
                    "all, bottom-third, middle-third or top-third, each with an optional /K for K >= 2 evenly spaced layers"
                            + " of it, or a list of layer numbers without repetition such as 3,5,7 (default: middle-third/5)");
        }
    }

    private static String commas(JsonNode list) {
        StringBuilder text = new StringBuilder();
        list.forEach(layer -> text.append(text.isEmpty() ? "" : ",").append(layer.asText()));
        return text.toString();
    }

    private static Horizon horizon(Section section) {
        List<Integer> usual = List.of(USUAL.horizon().lo(), USUAL.horizon().hi());
        JsonNode node = section.raw("horizon", usual);
        if (node == null) {
            section.keep("horizon", usual);
            return USUAL.horizon();
        }
        if (node.isArray()
                && node.size() == 2
                && node.get(0).canConvertToInt()
                && node.get(0).isIntegralNumber()) {
            int lo = node.get(0).intValue();
            JsonNode end = node.get(1);
            int hi = end.asText().equals("end")
                    ? Horizon.END
                    : end.isIntegralNumber() && end.canConvertToInt() ? end.intValue() : -1;
            if (lo >= 0 && hi >= lo) {
                section.keep("horizon", List.of(lo, hi == Horizon.END ? "end" : (Object) hi));
                return new Horizon(lo, hi);
            }
        }
        throw section.wrong("horizon", HORIZON);
    }

    private static int groupsEvery(Section section) {
        JsonNode node = section.raw("groups", "every-step");
        if (node == null || node.asText().equals("every-step")) {
            section.keep("groups", "every-step");
            return 1;
        }
        if (node.asText().equals("once")) {
            section.keep("groups", "once");
            return 0;
        }
        JsonNode every = node.path("every");
        if (node.size() == 1 && every.isIntegralNumber() && every.canConvertToInt() && every.intValue() >= 1) {
            section.keep("groups", Map.of("every", every.intValue()));
            return every.intValue();
        }
        throw section.wrong("groups", GROUPS);
    }
}
