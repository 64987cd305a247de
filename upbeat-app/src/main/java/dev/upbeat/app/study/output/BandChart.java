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

    /** @param curves at least one, of at least one point each */
    public static String of(String title, String xTitle, List<Curve> curves) {
        double bottom = TOP + HEIGHT;
        Svg svg = new Svg(WIDTH, bottom + 52 + ROW * curves.size(), title);
        svg.text(12, 22, "start", "ink bold", title);
        double[] ys = curves.stream()
                .flatMapToDouble(curve -> DoubleStream.concat(Arrays.stream(curve.low), Arrays.stream(curve.high)))
                .toArray();
        double[] xs =
                curves.stream().flatMapToDouble(curve -> Arrays.stream(curve.x)).toArray();
        Axis y = over(ys, bottom, TOP);
        Axis x = over(xs, LEFT, WIDTH - 24);
        for (double tick : y.ticks()) {
            svg.line(LEFT, y.at(tick), WIDTH - 24, y.at(tick), "rule");
            svg.text(LEFT - 8, y.at(tick) + 4, "end", "muted", y.label(tick));
        }
        for (double tick : x.ticks()) {
            svg.text(x.at(tick), bottom + 16, "middle", "muted", x.label(tick));
        }
        svg.text((LEFT + WIDTH - 24) / 2, bottom + 34, "middle", "muted", xTitle);
        // All bands are drawn below all curves; many bands would hide each other.
        String band = curves.size() > FEW ? " band faint" : " band";
        for (int i = 0; i < curves.size(); i++) {
            Curve curve = curves.get(i);
            svg.path(path(x, y, curve.x, curve.high, 'M') + back(x, y, curve.x, curve.low) + "z", colour(i) + band);
        }
        for (int i = 0; i < curves.size(); i++) {
            Curve curve = curves.get(i);
            String style = i < COLOURS ? "" : " dashed";
            svg.path(path(x, y, curve.x, curve.middle, 'M'), colour(i) + " open" + style);
            double row = bottom + 52 + ROW * i;
            svg.line(LEFT, row, LEFT + 24, row, colour(i) + style);
            svg.text(LEFT + 32, row + 4, "start", "ink", curve.label);
        }
        return svg.toString();
    }

    private static String colour(int curve) {
        return "c" + curve % COLOURS;
    }

    private static Axis over(double[] values, double start, double end) {
        double least = Arrays.stream(values).min().orElse(0);
        double greatest = Arrays.stream(values).max().orElse(1);
        return Axis.over(least, greatest, start, end, 8);
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
