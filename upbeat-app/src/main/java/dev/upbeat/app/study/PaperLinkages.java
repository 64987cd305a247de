package dev.upbeat.app.study;

import dev.upbeat.linkage.LinkageKind;
import dev.upbeat.linkage.Metric;
import dev.upbeat.study.linkage.LinkageSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Results of arXiv 2510.13554 v2, shown beside the measured ones. */
final class PaperLinkages {
    /** Qwen3-4B-Base on 70 problems of GSM8K. Table 11 has the same values, with a lift of entropy of 51.60 %. */
    static final Column MATH = new Column(
            "Table 2",
            new Value(0.2386, 0.3608, 0.5197),
            new Value(0.2241, 0.6084, 1.7149),
            new Value(0.3687, 0.5253, 0.4247));

    static final Column QA = new Column(
            "Table 11",
            new Value(0.5250, 0.7075, 0.3476),
            new Value(0.2027, 0.6478, 2.1959),
            new Value(0.3687, 0.4899, 0.3287));

    static final Column LLAMA = new Column(
            "Table 12",
            new Value(0.2404, 0.3082, 0.282),
            new Value(0.2419, 0.7225, 1.987),
            new Value(0.3000, 0.4022, 0.341));

    private static final Column TOP = new Column(
            "Table 10",
            new Value(0.2386, 0.3300, 0.3831),
            new Value(0.1678, 0.6652, 2.9642),
            new Value(0.3556, 0.5688, 0.5996));

    private static final Column MIDDLE = new Column(
            "Table 10",
            new Value(0.2386, 0.2996, 0.2557),
            new Value(0.2269, 0.5152, 1.2706),
            new Value(0.4108, 0.5169, 0.2583));

    private static final Column BOTTOM = new Column(
            "Table 10",
            new Value(0.2386, 0.3634, 0.5231),
            new Value(0.2258, 0.4633, 1.0518),
            new Value(0.4025, 0.5495, 0.3652));

    private static final List<Overlap> OVERLAPS = List.of(
            new Overlap(Metric.RECEIVER_FAI, Metric.GLOBAL_FAI, 208, 35, 20, 360),
            new Overlap(Metric.RECEIVER_FAI, Metric.WAAD, 82, 128, 39, 360),
            new Overlap(Metric.RECEIVER_FAI, Metric.ENTROPY, 70, 110, 43, 360),
            new Overlap(Metric.GLOBAL_FAI, Metric.WAAD, 103, 92, 29, 304),
            new Overlap(Metric.GLOBAL_FAI, Metric.ENTROPY, 77, 75, 40, 304),
            new Overlap(Metric.WAAD, Metric.ENTROPY, 116, 56, 48, 354));

    private PaperLinkages() {}

    /** Random, observed and lift as printed. */
    record Value(double random, double observed, double lift) {
        /** Largest difference that rounding explains between a printed lift and the lift of the printed values. */
        private static final double ROUNDING = 0.001;

        /** The lift that follows from the printed values. */
        double ownLift() {
            return (observed - random) / random;
        }

        boolean contradictsItself() {
            return Math.abs(lift - ownLift()) > ROUNDING;
        }
    }

    /** @param source the table */
    record Column(String source, Value entropy, Value receiver, Value follows) {
        /** A sentence on a contradiction in a value; empty for none. */
        Optional<String> note(LinkageKind kind) {
            Value value = of(kind);
            return value.contradictsItself()
                    ? Optional.of(String.format(
                            Locale.ROOT,
                            "The paper's %s prints a lift of %+.2f %% for %.4f and %.4f, which give %+.2f %%.",
                            source,
                            100 * value.lift(),
                            value.random(),
                            value.observed(),
                            100 * value.ownLift()))
                    : Optional.empty();
        }

        Value of(LinkageKind kind) {
            return switch (kind) {
                case ENTROPY_AT_WAAD_PEAKS -> entropy;
                case FAI_PEAKS_AT_RECEIVER_PEAKS -> receiver;
                case FAI_PEAKS_AFTER_WAAD_PEAKS -> follows;
            };
        }
    }

    /** Table 20, its eight examples' counts added up; the number of peaks follows from counts and ratios. */
    record Overlap(Metric first, Metric second, int same, int previous, int next, int peaks) {}

    static List<Overlap> overlaps() {
        return OVERLAPS;
    }

    /** The column to compare a source with: by its layers, else by its kind of questions, else by its model family. */
    static Column of(LinkageSource source) {
        return switch (source.layers()) {
            case "bottom" -> BOTTOM;
            case "middle" -> MIDDLE;
            case "top" -> TOP;
            default -> isQa(source.data()) ? QA : isLlama(source.model()) ? LLAMA : MATH;
        };
    }

    private static boolean isQa(String data) {
        String name = data.toLowerCase(Locale.ROOT);
        return name.contains("crossthink") || name.contains("qa");
    }

    private static boolean isLlama(String model) {
        return model.toLowerCase(Locale.ROOT).contains("llama");
    }
}
