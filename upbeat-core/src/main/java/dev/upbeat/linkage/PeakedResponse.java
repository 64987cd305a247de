package dev.upbeat.linkage;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** One response: its series, their peaks (found once, on the whole series), and which tokens are in a scope. */
final class PeakedResponse {
    private final TokenSeries series;
    private final Map<Metric, int[]> peaks = new EnumMap<>(Metric.class);

    PeakedResponse(TokenSeries series, double peakShare) {
        this.series = series;
        for (Metric metric : Metric.values()) {
            float[] values = series.of(metric);
            if (values != null) {
                peaks.put(metric, Peaks.of(values, peakShare));
            }
        }
    }

    boolean has(Metric metric) {
        return peaks.containsKey(metric);
    }

    /** Whether the scope can be computed: a scope without punctuation needs the texts of the tokens. */
    boolean has(TokenScope scope) {
        return !scope.dropsPunctuation() || series.tokens() != null;
    }

    /** Mask of the tokens in scope, within the settings' part of the response, at which both series are defined, [T]. */
    boolean[] inScope(TokenScope scope, LinkageSettings settings, Metric first, Metric second) {
        float[] a = values(first);
        float[] b = values(second);
        List<String> tokens = series.tokens();
        boolean[] inScope = new boolean[series.length()];
        int end = scope.dropsTail() ? series.length() - settings.tail() : series.length();
        end = Math.min(end, settings.part().end(series.length()));
        for (int position = settings.part().start(series.length()); position < end; position++) {
            boolean dropped = scope.dropsPunctuation()
                    && tokens != null
                    && Punctuation.isPunctuationOrLineBreak(tokens.get(position));
            inScope[position] = !dropped && !Float.isNaN(a[position]) && !Float.isNaN(b[position]);
        }
        return inScope;
    }

    /** Mask of the peaks of a series that are in scope, [T]. */
    boolean[] peaks(Metric metric, boolean[] inScope) {
        boolean[] mask = new boolean[inScope.length];
        for (int position : peaks.getOrDefault(metric, new int[0])) {
            mask[position] = inScope[position];
        }
        return mask;
    }

    float[] values(Metric metric) {
        float[] values = series.of(metric);
        if (values == null) {
            throw new IllegalArgumentException("the response has no " + metric.label());
        }
        return values;
    }
}
