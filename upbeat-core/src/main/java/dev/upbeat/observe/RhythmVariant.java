package dev.upbeat.observe;

import java.util.List;

/**
 * A further way to read the pass over a set of traces: with another alignment, or from some of the observed layers alone.
 * Head groups are found anew; the pass and what it measures of each head are shared.
 *
 * @param alignment which row speaks for a token
 * @param layers candidate layers, ascending, of those that are observed
 */
public record RhythmVariant(RhythmOptions.Alignment alignment, List<Integer> layers) {
    public RhythmVariant {
        layers = List.copyOf(layers);
    }
}
