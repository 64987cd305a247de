package dev.upbeat.app.study;

import dev.upbeat.linkage.TokenSeries;
import dev.upbeat.observe.ObservedTraces;
import dev.upbeat.observe.RhythmOptions.Alignment;
import dev.upbeat.observe.RhythmVariant;
import dev.upbeat.rhythm.LayerRange;
import dev.upbeat.study.linkage.LinkageSource;
import dev.upbeat.trace.Trace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The rhythm variants that the linkage study measures in one run: both alignments of all layers and, on request, of
 * each third of them.
 */
public final class LinkageSources {
    private final Map<String, List<Integer>> thirds = new LinkedHashMap<>();
    private final List<RhythmVariant> readings = new ArrayList<>();

    /**
     * @param layers of the model
     * @param byLayers whether thirds of the layers are measured too
     */
    public LinkageSources(int layers, boolean byLayers) {
        List<Integer> all = IntStream.range(0, layers).boxed().toList();
        readings.add(new RhythmVariant(Alignment.PREDICTOR, all));
        if (byLayers) {
            for (String third : List.of("bottom", "middle", "top")) {
                thirds.put(third, LayerRange.parse(third + "-third").resolve(layers));
            }
        }
        thirds.values().forEach(some -> {
            for (Alignment alignment : Alignment.values()) {
                readings.add(new RhythmVariant(alignment, some));
            }
        });
    }

    /** The further variants to request from the observer. */
    public List<RhythmVariant> readings() {
        return List.copyOf(readings);
    }

    /** @param run a run that was measured with these variants */
    public List<LinkageSource> of(String model, String data, StudyDirectory.Run run) {
        ObservedTraces seen = run.traces().seen();
        List<LinkageSource> sources = new ArrayList<>();
        sources.add(source(model, data, LinkageSource.ALL_LAYERS, Alignment.TOKEN, run, seen));
        int reading = 0;
        sources.add(source(
                model,
                data,
                LinkageSource.ALL_LAYERS,
                Alignment.PREDICTOR,
                run,
                seen.further().get(reading++)));
        for (String third : thirds.keySet()) {
            for (Alignment alignment : Alignment.values()) {
                sources.add(source(
                        model, data, third, alignment, run, seen.further().get(reading++)));
            }
        }
        return sources;
    }

    private static LinkageSource source(
            String model,
            String data,
            String layers,
            Alignment alignment,
            StudyDirectory.Run run,
            ObservedTraces seen) {
        List<Trace> traces = run.traces().traces();
        List<TokenSeries> series = IntStream.range(0, traces.size())
                .mapToObj(i ->
                        TokenSeries.of(seen.observations().get(i), traces.get(i).tokens()))
                .toList();
        return new LinkageSource(
                model,
                data,
                layers,
                alignment,
                run.name(),
                traces.stream().map(Trace::id).toList(),
                series);
    }
}
