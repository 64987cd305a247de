package dev.upbeat.study.linkage;

import dev.upbeat.linkage.TokenSeries;
import dev.upbeat.observe.RhythmOptions.Alignment;
import java.util.List;

/**
 * A set of responses, measured in one way.
 *
 * @param model name
 * @param data name of the prompts
 * @param layers that heads were chosen from: all, bottom, middle, top
 * @param run its run directory, relative to the study's
 * @param ids of the responses
 * @param series of the responses, in the ids' order
 */
public record LinkageSource(
        String model,
        String data,
        String layers,
        Alignment alignment,
        String run,
        List<String> ids,
        List<TokenSeries> series) {
    /** Value of {@link #layers} for all layers. */
    public static final String ALL_LAYERS = "all";

    public LinkageSource {
        ids = List.copyOf(ids);
        series = List.copyOf(series);
        if (ids.size() != series.size() || ids.isEmpty()) {
            throw new IllegalArgumentException(ids.size() + " ids of " + series.size() + " responses");
        }
    }

    public boolean ofAllLayers() {
        return layers.equals(ALL_LAYERS);
    }
}
