package dev.upbeat.app.study.output;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/** Chart of curves over steps, each with a band from the lowest to the highest of its runs. */
public final class BandChart {
    private static final double WIDTH = 760;
    private static final double HEIGHT = 300;
    private static final double LEFT = 56;
    private static final double TOP = 40;
    private static final double ROW = 18;
    private static final int COLOURS = 8;
    private static final int TICKS = 8; // about that many, on either axis

    /** Number of bands that a reader can still distinguish. */
    private static final int FEW = 3;

    private BandChart() {}

    /**
     * @param x ascending, [n]
     * @param middle the curve, [n]
     * @param low of the band, [n]
     * @param high of the band, [n]
     */
    public record Curve(String label, double[] x, double[] middle, double[] low, double[] high) {}

    /**
     * @param limits of the values
     * @param xTitle name of the whole numbers below the chart
     * @param curves at least one, of at least one point each
     */
    public static String of(String title, Axis.Limits limits, String xTitle, List<Curve> curves) {
        return chart(title, limits, xTitle, curves, curves.size() > FEW ? " band faint" : " band");
    }

    /**
     * As {@link #of}, for curves drawn over their raw values, pale: {@code low} and {@code high} are both these values.
     */
    public static String withRaw(String title, Axis.Limits limits, String xTitle, List<Curve> curves) {
        return chart(title, limits, xTitle, curves, " open pale");
    }

    /** @param range classes of the range of each curve, besides its colour */
    private static String chart(String title, Axis.Limits limits, String xTitle, List<Curve> curves, String range) {
        double bottom = TOP + HEIGHT;
        Svg svg = new Svg(WIDTH, bottom + 52 + ROW * curves.size(), title);
        svg.text(12, 22, "start", "ink bold", title);
        double[] ys = curves.stream()
                .flatMapToDouble(curve -> DoubleStream.concat(Arrays.stream(curve.low), Arrays.stream(curve.high)))
                .toArray();
        double[] xs =
                curves.stream().flatMapToDouble(curve -> Arrays.stream(curve.x)).toArray();
        Axis y = Axis.over(least(ys), greatest(ys), limits, bottom, TOP, TICKS);
        Axis x = Axis.ofWhole(least(xs), greatest(xs), LEFT, WIDTH - 24, TICKS);
        for (double tick : y.ticks()) {
            svg.line(LEFT, y.at(tick), WIDTH - 24, y.at(tick), "rule");
            svg.text(LEFT - 8, y.at(tick) + 4, "end", "muted", y.label(tick));
        }
        for (double tick : x.ticks()) {
            svg.text(x.at(tick), bottom + 16, "middle", "muted", x.label(tick));
        }
        svg.text((LEFT + WIDTH - 24) / 2, bottom + 34, "middle", "muted", xTitle);
        // All bands are drawn below all curves; many bands would hide each other.
        for (int i = 0; i < curves.size(); i++) {
            Curve curve = curves.get(i);
            svg.path(path(x, y, curve.x, curve.high, 'M') + back(x, y, curve.x, curve.low) + "z", colour(i) + range);
        }
        for (int i = 0; i < curves.size(); i++) {
            Curve curve = curves.get(i);
            String style = i < COLOURS ? "" : " dashed";
            svg.path(path(x, y, curve.x, curve.middle, 'M'), colour(i) + " open" + style);
            if (curve.x.length == 1) {
                point(svg, x, y, curve, colour(i));
            }
            double row = bottom + 52 + ROW * i;
            svg.line(LEFT, row, LEFT + 24, row, colour(i) + style);
            svg.text(LEFT + 32, row + 4, "start", "ink", curve.label);
        }
        return svg.toString();
    }

    private static String colour(int curve) {
        return "c" + curve % COLOURS;
    }

    private static double least(double[] values) {
        return Arrays.stream(values).min().orElse(0);
    }

    private static double greatest(double[] values) {
        return Arrays.stream(values).max().orElse(1);
    }

    /** A single point of a curve, which a line would not show, with the range of its runs. */
    private static void point(Svg svg, Axis x, Axis y, Curve curve, String colour) {
        double at = x.at(curve.x[0]);
        svg.line(at, y.at(curve.low[0]), at, y.at(curve.high[0]), colour);
        svg.circle(at, y.at(curve.middle[0]), 3, colour);
    }

    private static String path(Axis x, Axis y, double[] xs, double[] ys, char first) {
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < xs.length; i++) {
            path.append(i == 0 ? first : 'L')
                    .append(Svg.number(x.at(xs[i])))
                    .append(' ')
                    .append(Svg.number(y.at(ys[i])));
        }
        return path.toString();
    }

    private static String back(Axis x, Axis y, double[] xs, double[] ys) {
        double[] reversedX = new double[xs.length];
        double[] reversedY = new double[ys.length];
        Arrays.setAll(reversedX, i -> xs[xs.length - 1 - i]);
        Arrays.setAll(reversedY, i -> ys[ys.length - 1 - i]);
        return path(x, y, reversedX, reversedY, 'L');
    }
}
