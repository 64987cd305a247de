package dev.upbeat.app.figure;

import dev.upbeat.app.figure.Canvas.Mark;
import dev.upbeat.io.BadInputException;
import dev.upbeat.io.Nearest;
import dev.upbeat.linkage.Anchors;
import dev.upbeat.linkage.Peaks;
import dev.upbeat.trace.Observation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A series of a trace as a figure shows it.
 *
 * @param name shown beside its curve
 * @param unit empty if it is not known
 * @param values [T]; NaN where undefined
 * @param low whether the small values are the striking ones
 * @param fromZero whether its axis begins at zero
 * @param mark of its peaks; null if they are not marked
 */
record FigureMetric(
        String name,
        String unit,
        float[] values,
        boolean low,
        boolean fromZero,
        @Nullable Mark mark) {
    /**
     * Finds metrics of a trace by the names of their columns.
     *
     * @throws BadInputException if there are no names, a name is given twice, or the trace does not have one of them
     */
    static List<FigureMetric> of(String trace, Observation seen, List<String> columns) {
        Map<String, FigureMetric> known = known(seen);
        if (columns.isEmpty() || Set.copyOf(columns).size() < columns.size()) {
            throw new BadInputException("the metrics are [" + String.join(", ", columns)
                    + "]; expected at least one, each once, such as waad,fai");
        }
        for (String column : columns) {
            if (!known.containsKey(column)) {
                throw new BadInputException("trace " + trace + " has no metric '" + column + "'; expected one of "
                        + String.join(", ", known.keySet())
                        + Nearest.to(column, known.keySet())
                                .map(name -> ". Did you mean " + name + "?")
                                .orElse(""));
            }
        }
        return columns.stream().map(known::get).map(Objects::requireNonNull).toList();
    }

    private static Map<String, FigureMetric> known(Observation seen) {
        Map<String, FigureMetric> known = new LinkedHashMap<>();
        known.put("waad", new FigureMetric("WAAD", "tokens", seen.waad(), false, false, Mark.CARET));
        known.put("fai", new FigureMetric("FAI", "weight", seen.fai(), false, true, Mark.STAR));
        if (seen.receiverFai() != null) {
            known.put(
                    "receiver_fai",
                    new FigureMetric("receiver FAI", "weight", seen.receiverFai(), false, true, Mark.RING));
        }
        known.put("entropy_nats", new FigureMetric("entropy", "nats", seen.entropyNats(), false, true, Mark.SQUARE));
        known.put("log_prob", new FigureMetric("log-prob", "nats", seen.logProbs(), true, true, null));
        seen.columns()
                .forEach((name, values) ->
                        known.put(name, new FigureMetric(name, unit(name), values, false, false, null)));
        return known;
    }

    private static String unit(String column) {
        return switch (column) {
            case "gamma" -> "weight";
            case Observation.FLOW -> "share";
            default -> "";
        };
    }

    /** Positions that are marked, in the response: the peaks, and for FAI the anchors. */
    int[] peaks() {
        if (mark == null) {
            return new int[0];
        }
        return mark == Mark.STAR ? Anchors.of(values, Peaks.DEFAULT_SHARE) : Peaks.of(values, Peaks.DEFAULT_SHARE);
    }
}
