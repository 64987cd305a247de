package dev.upbeat.observe;

import java.util.List;

/**
 * A variant of the rhythm of a set of traces: with another alignment, or from some of the observed layers only. It has
 * its own head groups unless these are fixed; the forward pass and the measurements of each head are shared.
 *
 * @param alignment which row a token is scored from
 * @param layers candidate layers, ascending, among the observed ones
 */
public record RhythmVariant(RhythmOptions.Alignment alignment, List<Integer> layers) {
    public RhythmVariant {
        layers = List.copyOf(layers);
    }
}
