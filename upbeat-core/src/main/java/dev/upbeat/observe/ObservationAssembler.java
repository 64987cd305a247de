package dev.upbeat.observe;

import dev.upbeat.observe.RhythmOptions.Alignment;
import dev.upbeat.rhythm.AnswerFlow;
import dev.upbeat.rhythm.HeadGrouping;
import dev.upbeat.rhythm.HeadSpan;
import dev.upbeat.rhythm.MeanAttention;
import dev.upbeat.rhythm.PathFlow;
import dev.upbeat.rhythm.Receivers;
import dev.upbeat.rhythm.StepInfluence;
import dev.upbeat.trace.Head;
import dev.upbeat.trace.HeadGroups;
import dev.upbeat.trace.Links;
import dev.upbeat.trace.MeanMaps;
import dev.upbeat.trace.Observation;
import dev.upbeat.trace.Trace;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds the head groups from the results of all batches, and computes the observation of each trace as means over these
 * groups.
 */
final class ObservationAssembler {
    private final RhythmOptions options;
    private final int heads;

    /** @param heads H, query heads of each layer */
    ObservationAssembler(RhythmOptions options, int heads) {
        this.options = options;
        this.heads = heads;
    }

    /**
     * The head groups among these layers. Sums are added in the order of the batches, so the number of threads does not
     * change the result.
     */
    HeadGroups group(List<BatchResult> results, Alignment alignment, List<Integer> layers) {
        return group(results, alignment, layers, trace -> true);
    }

    /**
     * The head groups of some traces among these layers.
     *
     * @param included tells from a trace's index in the caller's list whether it counts
     */
    HeadGroups group(List<BatchResult> results, Alignment alignment, List<Integer> layers, IntPredicate included) {
        HeadSpan spans = newSpans();
        for (BatchResult result : results) {
            HeadSpan ofBatch = newSpans();
            for (int b : result.rows(included)) {
                ofBatch.add(result.spans(alignment, b));
            }
            spans.add(ofBatch);
        }
        return HeadGrouping.of(
                select(layers, spans.spanTokens()), receivers(results, layers, included), options.settings());
    }

    private HeadSpan newSpans() {
        return new HeadSpan(options.layers(), heads, options.settings().groupWeight());
    }

    private List<Head> receivers(List<BatchResult> results, List<Integer> layers, IntPredicate included) {
        if (!options.receivers()) {
            return List.of();
        }
        Receivers receivers = new Receivers(options.layers(), heads);
        for (BatchResult result : results) {
            List<Receivers> ofTraces =
                    Objects.requireNonNull(result.receivers(), "receiver scores are measured if receivers are on");
            Receivers ofBatch = new Receivers(options.layers(), heads);
            for (int b : result.rows(included)) {
                ofBatch.add(ofTraces.get(b));
            }
            receivers.add(ofBatch);
        }
        return Receivers.of(
                select(layers, receivers.scores()), options.settings().receiverRho());
    }

    private static SortedMap<Integer, double[]> select(List<Integer> layers, SortedMap<Integer, double[]> all) {
        SortedMap<Integer, double[]> chosen = new TreeMap<>(all);
        chosen.keySet().retainAll(layers);
        return chosen;
    }

    /** The observations of a variant, with their own head groups unless these are fixed. */
    ObservedTraces variant(RhythmVariant variant, List<BatchResult> results, int traces) {
        HeadGroups groups =
                options.groups() != null ? options.groups() : group(results, variant.alignment(), variant.layers());
        Observation[] observations = new Observation[traces];
        for (BatchResult result : results) {
            for (int b = 0; b < result.batch().size(); b++) {
                observations[result.batch().indices().get(b)] =
                        observation(result, b, variant.alignment(), groups, null, null, Map.of());
            }
        }
        return new ObservedTraces(groups, List.of(observations), 0, List.of(), List.of());
    }

    /**
     * The observation of a trace.
     *
     * @param b index of the trace in its batch
     * @param saved q and k of the batch; null if no option needs them
     */
    Observation of(BatchResult result, int b, @Nullable SavedAttention saved, HeadGroups groups) {
        Trace trace = result.batch().traces().get(b);
        MeanAttention maps = saved == null ? null : new MeanAttention(saved.layers(), b);
        Map<String, float[]> columns = new LinkedHashMap<>();
        if (maps != null && options.extras().columns().contains(Observation.PATH_FLOW)) {
            columns.put(Observation.PATH_FLOW, pathFlow(maps, trace, groups));
        }
        float[] hiddenCosine = result.tokens().get(b).hiddenCosine();
        if (hiddenCosine != null) {
            columns.put(Observation.HIDDEN_COSINE, hiddenCosine);
        }
        Links links = maps == null ? null : links(maps, trace, groups);
        if (saved != null && options.extras().columns().contains(Observation.FLOW)) {
            AnswerFlow flow = answerFlow(saved, b, trace);
            columns.put(Observation.FLOW, flow.response(trace.promptIds().length));
            links = links == null ? null : links.with(flow.edges());
        }
        if (saved != null && options.extras().columns().contains(Observation.STEP_INFLUENCE)) {
            columns.put(Observation.STEP_INFLUENCE, stepInfluence(saved, b, trace));
        }
        return observation(
                result,
                b,
                options.alignment(),
                groups,
                links,
                maps == null ? null : maps(maps, trace, groups),
                columns);
    }

    private Observation observation(
            BatchResult result,
            int b,
            Alignment alignment,
            HeadGroups groups,
            @Nullable Links links,
            @Nullable MeanMaps map,
            Map<String, float[]> columns) {
        HeadSeries series = result.series(alignment, b);
        BatchResult.TokenResults tokens = result.tokens().get(b);
        return new Observation(
                tokens.scores().logProbs(),
                tokens.scores().entropyNats(),
                series.waad(groups.local()),
                series.fai(groups.global()),
                options.receivers()
                        ? receiverFai(series, result.batch().traces().get(b), groups)
                        : null,
                links,
                map,
                columns);
    }

    private float[] pathFlow(MeanAttention maps, Trace trace, HeadGroups groups) {
        int prompt = trace.promptIds().length;
        MeanAttention.StrongestKeys links = maps.strongest(
                groups.global(), prompt, trace.length(), options.extras().pathLinks());
        return PathFlow.of(links, prompt);
    }

    /** The flow to the answer that the text of the response has, through all heads. */
    private AnswerFlow answerFlow(SavedAttention saved, int b, Trace trace) {
        return AnswerFlow.of(
                saved.layers(),
                b,
                trace.promptIds().length,
                AnswerTokens.of(texts(trace)),
                options.extras().flowLinks(),
                options.extras().links());
    }

    /** The influence of the steps that the text of the response has, in all heads. */
    private float[] stepInfluence(SavedAttention saved, int b, Trace trace) {
        return StepInfluence.of(
                saved.layers(),
                b,
                trace.promptIds().length,
                Steps.of(texts(trace)),
                options.extras().stepKeys());
    }

    private static List<String> texts(Trace trace) {
        return Objects.requireNonNull(trace.tokens(), "the observer requires token texts");
    }

    private @Nullable Links links(MeanAttention maps, Trace trace, HeadGroups groups) {
        return options.extras().links() == 0
                ? null
                : maps.links(
                        groups.global(),
                        groups.local(),
                        trace.promptIds().length,
                        trace.length(),
                        options.extras().links());
    }

    private static float[] receiverFai(HeadSeries series, Trace trace, HeadGroups groups) {
        if (groups.receiver().isEmpty()) {
            float[] undefined = new float[trace.responseIds().length];
            Arrays.fill(undefined, Float.NaN);
            return undefined;
        }
        return series.fai(groups.receiver());
    }

    private @Nullable MeanMaps maps(MeanAttention maps, Trace trace, HeadGroups groups) {
        RhythmOptions.MapRange range = options.extras().map();
        if (range == null || range.start() >= trace.length()) {
            return null;
        }
        return maps.maps(groups.global(), groups.local(), range.start(), Math.min(range.end(), trace.length()));
    }
}
