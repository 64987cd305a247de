package dev.upbeat.app.study;

import dev.upbeat.app.study.output.Axis;
import dev.upbeat.app.study.output.BandChart;
import dev.upbeat.app.study.output.Block;
import dev.upbeat.study.grid.FinishedRun;
import dev.upbeat.study.grid.GridRun;
import dev.upbeat.study.grid.GridStudy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.IntToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Curves of each method: the mean over its seeds, and a band from the lowest to the highest seed. */
final class GridCurves {
    /** A series of the rows, averaged over some steps, because single steps are noisy. */
    private enum Curve {
        ACCURACY("eval/accuracy", "held-out accuracy, %", 100, 1, Axis.Limits.PERCENT),
        REWARD("reward", "training reward, % (mean of the last 10 steps)", 100, 10, Axis.Limits.PERCENT),
        ENTROPY("entropy", "entropy, nats (mean of the last 10 steps)", 1, 10, atLeast(0.01)),
        LENGTH("completions/mean_length", "tokens of a response (mean of the last 10 steps)", 1, 10, atLeast(1)),
        GAMMA(FinishedRun.GAMMA, "mean gamma", 1, 1, atLeast(0.1));

        private final String series;
        private final String title;
        private final double factor;
        private final int steps;
        private final Axis.Limits limits;

        Curve(String series, String title, double factor, int steps, Axis.Limits limits) {
            this.series = series;
            this.title = title;
            this.factor = factor;
            this.steps = steps;
            this.limits = limits;
        }

        private static Axis.Limits atLeast(double shortest) {
            return new Axis.Limits(shortest, Double.POSITIVE_INFINITY);
        }
    }

    private GridCurves() {}

    static List<Block> of(GridStudy study) {
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Block.Text("Means over the finished seeds; the band spans their minimum and maximum."));
        for (String task : study.config().tasks().keySet()) {
            for (Curve curve : Curve.values()) {
                List<BandChart.Curve> curves = new ArrayList<>();
                for (String method : study.config().methods().keySet()) {
                    BandChart.Curve drawn = curve(study, task, method, curve);
                    if (drawn.x().length > 0) {
                        curves.add(drawn);
                    }
                }
                if (!curves.isEmpty()) {
                    String title = task + ": " + curve.title;
                    blocks.add(new Block.Figure(
                            "curve-" + task + "-" + curve.series.replace('/', '-'),
                            title + ", by method over the steps, with the range of the seeds",
                            BandChart.of(title, curve.limits, "step", curves)));
                }
            }
        }
        return blocks;
    }

    private static BandChart.Curve curve(GridStudy study, String task, String method, Curve curve) {
        List<double[]> seeds = study.config().seeds().stream()
                .map(seed -> study.done().get(new GridRun(task, method, seed)))
                .filter(Objects::nonNull)
                .map(run -> smooth(run.series(curve.series), curve.steps))
                .filter(series -> series.length > 0)
                .toList();
        int length = seeds.stream().mapToInt(series -> series.length).min().orElse(0);
        int[] steps = IntStream.range(0, length)
                .filter(step -> at(seeds, step).noneMatch(Double::isNaN))
                .toArray();
        return new BandChart.Curve(
                method + " (" + seeds.size() + ")",
                Arrays.stream(steps).asDoubleStream().toArray(),
                at(steps, step -> curve.factor * at(seeds, step).average().orElseThrow()),
                at(steps, step -> curve.factor * at(seeds, step).min().orElseThrow()),
                at(steps, step -> curve.factor * at(seeds, step).max().orElseThrow()));
    }

    private static DoubleStream at(List<double[]> seeds, int step) {
        return seeds.stream().mapToDouble(series -> series[step]);
    }

    private static double[] at(int[] steps, IntToDoubleFunction value) {
        return Arrays.stream(steps).mapToDouble(value).toArray();
    }

    /** Trailing means over {@code steps} steps; NaN until there are that many. */
    static double[] smooth(double[] series, int steps) {
        if (steps == 1) {
            return series;
        }
        double[] smooth = new double[series.length];
        for (int i = 0; i < series.length; i++) {
            smooth[i] = i < steps
                    ? Double.NaN
                    : Arrays.stream(series, i - steps + 1, i + 1).average().orElseThrow();
        }
        return smooth;
    }
}
