package dev.upbeat.app.study;

import dev.upbeat.app.study.output.Axis;
import dev.upbeat.app.study.output.BandChart;
import dev.upbeat.app.study.output.Block;
import dev.upbeat.stats.RunningPeak;
import dev.upbeat.store.AccuracyNames;
import dev.upbeat.study.grid.FinishedRun;
import dev.upbeat.study.grid.GridRun;
import dev.upbeat.study.grid.GridStudy;
import dev.upbeat.study.grid.GridTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.IntToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Curves of each method: the mean over its seeds, and a band from the lowest to the highest seed. */
final class GridCurves {
    /**
     * A series of the rows, averaged over some steps, because single steps are noisy.
     *
     * @param steps number of steps of the trailing mean
     * @param peaked whether larger is better, so that it has a running peak
     */
    private record Curve(String series, String title, double factor, int steps, Axis.Limits limits, boolean peaked) {
        static Curve accuracy(String series, String title) {
            return new Curve(series, title + ", %", 100, 1, Axis.Limits.PERCENT, true);
        }
    }

    private static final Curve ACCURACY = Curve.accuracy(AccuracyNames.AVERAGE, "held-out accuracy");

    private static final Curve AVERAGE =
            Curve.accuracy(AccuracyNames.AVERAGE, "held-out accuracy, plain average of the benchmarks");

    private static final List<Curve> TRAINING = List.of(
            new Curve("reward", "training reward (mean of the last 10 steps)", 1, 10, atLeast(0.1), true),
            new Curve("entropy", "entropy, nats (mean of the last 10 steps)", 1, 10, atLeast(0.01), false),
            new Curve(
                    "completions/mean_length",
                    "tokens of a response (mean of the last 10 steps)",
                    1,
                    10,
                    atLeast(1),
                    false),
            new Curve(FinishedRun.GAMMA, "mean gamma", 1, 1, atLeast(0.1), false));

    private static Axis.Limits atLeast(double shortest) {
        return new Axis.Limits(shortest, Double.POSITIVE_INFINITY);
    }

    /**
     * The curves of a task: held-out accuracies, with benchmarks their average first, and the course of the training.
     */
    private static List<Curve> curves(GridTable.Task task) {
        List<Curve> curves = new ArrayList<>();
        curves.add(task.benchmarks().isEmpty() ? ACCURACY : AVERAGE);
        task.benchmarks().forEach(name -> curves.add(Curve.accuracy(AccuracyNames.of(name), "accuracy on " + name)));
        curves.addAll(TRAINING);
        return curves;
    }

    private GridCurves() {}

    static List<Block> of(GridStudy study) {
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Block.Text("Means over the finished seeds; the band spans their minimum and maximum."
                + " The running peak E_t = a max(x_t, E_t-1) + (1 - a) E_t-1 never falls, so it says nothing of losses; it is"
                + " computed for each seed, then averaged, and drawn over the raw mean."));
        for (GridTable.Task task : study.table().tasks()) {
            for (Curve curve : curves(task)) {
                String title = task.name() + ": " + curve.title;
                String name = "curve-" + task.name() + "-" + curve.series.replace('/', '-');
                List<BandChart.Curve> means = drawn(study, task.name(), curve, false);
                if (!means.isEmpty()) {
                    blocks.add(new Block.Figure(
                            name,
                            title + ", by method over the steps, with the range of the seeds",
                            BandChart.of(title, curve.limits, "step", means)));
                }
                List<BandChart.Curve> overRaw = curve.peaked ? drawn(study, task.name(), curve, true) : List.of();
                if (!overRaw.isEmpty()) {
                    String peaks = task.name() + ": running peak E, a = "
                            + study.config().peak() + ", of " + curve.title.replaceFirst(" \\(mean.*", "");
                    blocks.add(new Block.Figure(
                            name + "-peak",
                            peaks + ", by method over the steps, with the raw mean",
                            BandChart.withRaw(peaks, curve.limits, "step", overRaw)));
                }
            }
        }
        return blocks;
    }

    private static List<BandChart.Curve> drawn(GridStudy study, String task, Curve curve, boolean peak) {
        List<BandChart.Curve> curves = new ArrayList<>();
        for (String method : study.config().methods().keySet()) {
            BandChart.Curve drawn = peak ? peak(study, task, method, curve) : curve(study, task, method, curve);
            if (drawn.x().length > 0) {
                curves.add(drawn);
            }
        }
        return curves;
    }

    /** The series of the finished seeds of a method, not averaged. */
    private static List<double[]> series(GridStudy study, String task, String method, Curve curve) {
        return study.config().seeds().stream()
                .map(seed -> study.done().get(new GridRun(task, method, seed)))
                .filter(Objects::nonNull)
                .map(run -> run.series(curve.series))
                .filter(series -> series.length > 0)
                .toList();
    }

    /** Steps at which all seeds have a value. */
    private static int[] steps(List<double[]> seeds) {
        int length = seeds.stream().mapToInt(series -> series.length).min().orElse(0);
        return IntStream.range(0, length)
                .filter(step -> at(seeds, step).noneMatch(Double::isNaN))
                .toArray();
    }

    /** The mean over seeds of their running peaks; as both ends of its range, the mean of the raw values. */
    private static BandChart.Curve peak(GridStudy study, String task, String method, Curve curve) {
        List<double[]> raw = series(study, task, method, curve);
        List<double[]> peaks = raw.stream()
                .map(series -> RunningPeak.of(series, study.config().peak()))
                .toList();
        int[] steps = steps(raw);
        double[] means =
                at(steps, step -> curve.factor * at(raw, step).average().orElseThrow());
        return new BandChart.Curve(
                method + " (" + raw.size() + ")",
                Arrays.stream(steps).asDoubleStream().toArray(),
                at(steps, step -> curve.factor * at(peaks, step).average().orElseThrow()),
                means,
                means);
    }

    private static BandChart.Curve curve(GridStudy study, String task, String method, Curve curve) {
        List<double[]> seeds = series(study, task, method, curve).stream()
                .map(series -> smooth(series, curve.steps))
                .toList();
        int[] steps = steps(seeds);
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
