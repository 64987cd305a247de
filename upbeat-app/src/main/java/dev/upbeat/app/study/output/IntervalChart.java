package dev.upbeat.app.study.output;

import java.util.List;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/** Chart of values with their intervals, one row each, with a reference line and the paper's values. */
public final class IntervalChart {
    private static final double ROW = 22;
    private static final double WIDTH = 760;
    private static final Axis.Limits LIMITS = new Axis.Limits(0.01, Double.POSITIVE_INFINITY);

    private IntervalChart() {}

    /**
     * @param label of the row; a row without a value is a heading
     * @param value the dot; NaN for none
     * @param low of the interval, NaN for none
     * @param high of the interval, NaN for none
     * @param paper the paper's value, NaN for none
     */
    public record Row(String label, double value, double low, double high, double paper) {
        /** A heading over the rows that follow. */
        public static Row heading(String label) {
            return new Row(label, Double.NaN, Double.NaN, Double.NaN, Double.NaN);
        }

        private boolean isHeading() {
            return Double.isNaN(value);
        }
    }

    /**
     * @param unit of the values, below the axis
     * @param reference a line through all rows, such as 0 for no effect; null for none
     */
    public static String of(String title, String unit, @Nullable Double reference, List<Row> rows) {
        double[] values = rows.stream()
                .flatMapToDouble(row -> DoubleStream.of(row.value, row.low, row.high, row.paper))
                .filter(Double::isFinite)
                .toArray();
        double least = DoubleStream.concat(DoubleStream.of(values), of(reference))
                .min()
                .orElse(0);
        double greatest = DoubleStream.concat(DoubleStream.of(values), of(reference))
                .max()
                .orElse(1);
        boolean paper = rows.stream().anyMatch(row -> Double.isFinite(row.paper));
        // A heading may extend over the plot, because its row is empty.
        double labels = 36
                + Svg.CHARACTER
                        * rows.stream()
                                .filter(row -> !row.isHeading())
                                .mapToInt(row -> row.label.length())
                                .max()
                                .orElse(0);
        double top = paper ? 58 : 38;
        double bottom = top + rows.size() * ROW;
        Axis axis = Axis.over(least, greatest, LIMITS, labels, WIDTH - 24, 8);
        Svg svg = new Svg(WIDTH, bottom + 44, title);
        svg.text(12, 22, "start", "ink bold", title);
        if (paper) {
            legend(svg);
        }
        for (double tick : axis.ticks()) {
            svg.text(axis.at(tick), bottom + 16, "middle", "muted", axis.label(tick));
        }
        svg.text((labels + WIDTH - 24) / 2, bottom + 35, "middle", "muted", unit);
        for (int i = 0; i < rows.size(); i++) {
            row(svg, axis, reference, rows.get(i), top + (i + 0.5) * ROW);
        }
        return svg.toString();
    }

    private static DoubleStream of(@Nullable Double value) {
        return value == null ? DoubleStream.empty() : DoubleStream.of(value);
    }

    private static void legend(Svg svg) {
        svg.circle(18, 39, 4, "c0").text(28, 43, "start", "muted", "measured, 95% interval");
        diamond(svg, 190, 39).text(200, 43, "start", "muted", "the paper");
    }

    private static void row(Svg svg, Axis axis, @Nullable Double reference, Row row, double y) {
        boolean heading = row.isHeading();
        svg.text(heading ? 12 : 24, y + 4, "start", heading ? "ink bold" : "ink", row.label);
        if (heading) {
            return;
        }
        for (double tick : axis.ticks()) {
            svg.line(axis.at(tick), y - ROW / 2, axis.at(tick), y + ROW / 2, "rule");
        }
        if (reference != null) {
            svg.line(axis.at(reference), y - ROW / 2, axis.at(reference), y + ROW / 2, "muted dashed");
        }
        if (Double.isFinite(row.low) && Double.isFinite(row.high)) {
            svg.line(axis.at(row.low), y, axis.at(row.high), y, "c0");
            svg.line(axis.at(row.low), y - 4, axis.at(row.low), y + 4, "c0");
            svg.line(axis.at(row.high), y - 4, axis.at(row.high), y + 4, "c0");
        }
        if (Double.isFinite(row.paper)) {
            diamond(svg, axis.at(row.paper), y);
        }
        svg.circle(axis.at(row.value), y, 4, "c0");
    }

    private static Svg diamond(Svg svg, double x, double y) {
        return svg.path("M" + Svg.number(x) + " " + Svg.number(y - 5) + "l5 5l-5 5l-5 -5z", "c1 open");
    }
}
