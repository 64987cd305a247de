package dev.upbeat.observe;

import dev.upbeat.observe.RhythmOptions.Alignment;
import dev.upbeat.rhythm.HeadGrouping;
import dev.upbeat.rhythm.HeadSpan;
import dev.upbeat.rhythm.MeanAttention;
import dev.upbeat.rhythm.PathFlow;
import dev.upbeat.rhythm.Receivers;
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
import org.jspecify.annotations.Nullable;

/** Puts observations together from what passes left: finds the head groups, and takes the means over them. */
final class Observations {
    private final RhythmOptions options;
    private final int heads;

    /** @param heads H, query heads of each layer */
    Observations(RhythmOptions options, int heads) {
        this.options = options;
        this.heads = heads;
    }

    /** The groups among the heads of these layers; sums are added in the batches' order, so that threads change nothing. */
    HeadGroups group(List<BatchResult> passes, Alignment alignment, List<Integer> layers) {
        HeadSpan spans = new HeadSpan(options.layers(), heads);
        passes.forEach(seen -> spans.add(seen.spans(alignment)));
        return HeadGrouping.of(of(layers, spans.tokens()), receivers(passes, layers), options.settings());
    }

    private List<Head> receivers(List<BatchResult> passes, List<Integer> layers) {
        if (!options.receivers()) {
            return List.of();
        }
        Receivers receivers = new Receivers(options.layers(), heads);
        passes.forEach(seen -> receivers.add(Objects.requireNonNull(seen.receivers(), "receivers were asked for")));
        return Receivers.of(of(layers, receivers.scores()), options.settings().receiverRho());
    }

    private static SortedMap<Integer, double[]> of(List<Integer> layers, SortedMap<Integer, double[]> all) {
        SortedMap<Integer, double[]> chosen = new TreeMap<>(all);
        chosen.keySet().retainAll(layers);
        return chosen;
    }

    /** A further reading of the passes, with groups of its own. */
    ObservedTraces read(RhythmVariant reading, List<BatchResult> passes, int traces) {
        HeadGroups groups = group(passes, reading.alignment(), reading.layers());
        Observation[] observations = new Observation[traces];
        for (BatchResult seen : passes) {
            for (int b = 0; b < seen.batch().size(); b++) {
                observations[seen.batch().indices().get(b)] =
                        observation(seen, b, reading.alignment(), groups, null, null, Map.of());
            }
        }
        return new ObservedTraces(groups, List.of(observations), 0, List.of(), List.of());
    }

    /**
     * @param b number of the trace in its batch
     * @param maps of the trace; null where nothing is drawn from any
     */
    Observation of(BatchResult seen, int b, @Nullable MeanAttention maps, HeadGroups groups) {
        Trace trace = seen.batch().traces().get(b);
        return observation(
                seen,
                b,
                options.alignment(),
                groups,
                maps == null ? null : links(maps, trace, groups),
                maps == null ? null : window(maps, trace, groups),
                columns(seen.passed().get(b), maps, trace, groups));
    }

    private Observation observation(
            BatchResult seen,
            int b,
            Alignment alignment,
            HeadGroups groups,
            @Nullable Links links,
            @Nullable MeanMaps map,
            Map<String, float[]> columns) {
        HeadSeries series = seen.series(alignment, b);
        BatchResult.TokenResults passed = seen.passed().get(b);
        return new Observation(
                passed.scores().logProbs(),
                passed.scores().entropyNats(),
                series.waad(groups.local()),
                series.fai(groups.global()),
                options.receivers() ? receiverFai(series, seen.batch().traces().get(b), groups) : null,
                links,
                map,
                columns);
    }

    private Map<String, float[]> columns(
            BatchResult.TokenResults passed, @Nullable MeanAttention maps, Trace trace, HeadGroups groups) {
        Map<String, float[]> columns = new LinkedHashMap<>();
        if (maps != null && options.extras().columns().contains(Observation.PATH_FLOW)) {
            int prompt = trace.promptIds().length;
            MeanAttention.Strongest links = maps.strongest(groups.global(), prompt, trace.length(), PathFlow.LINKS);
            columns.put(Observation.PATH_FLOW, PathFlow.of(links, prompt));
        }
        if (passed.hiddenCosine() != null) {
            columns.put(Observation.HIDDEN_COSINE, passed.hiddenCosine());
        }
        return columns;
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

    private @Nullable MeanMaps window(MeanAttention maps, Trace trace, HeadGroups groups) {
        RhythmOptions.MapRange range = options.extras().map();
        if (range == null || range.start() >= trace.length()) {
            return null;
        }
        return maps.window(groups.global(), groups.local(), range.start(), Math.min(range.end(), trace.length()));
    }
}
