package dev.upbeat.study.grid;

import dev.upbeat.hub.DownloadProgress;
import dev.upbeat.train.Training;
import dev.upbeat.train.TrainingListener;
import dev.upbeat.train.config.BenchmarkConfig;
import dev.upbeat.train.config.EvalConfig;
import dev.upbeat.train.config.GrpoConfig;
import dev.upbeat.train.config.TrainConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * Estimates the duration of a run from two of its steps: the first warms up, the second and the evaluation before them are
 * timed. It cannot foresee that responses grow or shrink while the model learns.
 */
public final class GridProbe implements TrainingListener {
    private static final int STEPS = 2;

    private long startNanos;
    private double evaluationSeconds;
    private double stepSeconds;

    private GridProbe() {}

    /**
     * @param cell to run, with its configuration
     * @param directory does not exist yet; the two steps leave a run in it
     * @param threads of the run
     * @return estimated seconds of the run
     */
    public static double seconds(Grid grid, Grid.Cell cell, Path directory, int threads, DownloadProgress download)
            throws IOException {
        GrpoConfig whole = Objects.requireNonNull(cell.training(), "a cell that waits");
        Settings brief = new Settings(Map.of(
                "learn.steps",
                Integer.toString(STEPS),
                "learn.warmup",
                "0",
                "eval.every",
                Integer.toString(whole.eval().every() == 0 ? 0 : STEPS),
                "journal.traces_every",
                "0"));
        Double gamma =
                grid.config().gammaSource(cell.run().method()) == null ? null : 1.0; // any other gamma takes as long
        TrainConfig probe = grid.config().training(cell.run(), gamma, directory, brief);
        Training.Options options = new Training.Options(false, threads, download);
        GridProbe listener = new GridProbe();
        try (Training training = Training.open(probe, options, listener)) {
            training.run(() -> false);
        }
        int steps = whole.optimizer().steps();
        double evaluations = evaluations(whole.eval(), steps);
        return steps * listener.stepSeconds + evaluations * listener.evaluationSeconds;
    }

    /** Number of evaluations of a run, the mean over its benchmarks. */
    private static double evaluations(EvalConfig eval, int steps) {
        return eval.tasks().stream()
                .mapToInt(BenchmarkConfig::every)
                .mapToDouble(every -> evaluations(every, steps))
                .average()
                .orElse(evaluations(eval.every(), steps));
    }

    private static double evaluations(int every, int steps) {
        return every == 0 ? 0 : 1 + (steps + every - 1) / every;
    }

    @Override
    public void began(long step, long steps) {
        startNanos = System.nanoTime();
    }

    @Override
    public void stepped(Map<String, ?> metrics) {
        if (metrics.get("time/step_s") instanceof Double seconds) {
            if (Long.valueOf(1).equals(metrics.get("step"))) {
                evaluationSeconds = (System.nanoTime() - startNanos) / 1e9 - seconds;
            }
            stepSeconds = seconds;
        }
    }

    @Override
    public void warn(String text) {}
}
