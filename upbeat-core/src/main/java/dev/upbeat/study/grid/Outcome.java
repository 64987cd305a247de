package dev.upbeat.study.grid;

import dev.upbeat.io.BadInputException;
import dev.upbeat.io.Nearest;
import dev.upbeat.store.AccuracyNames;
import dev.upbeat.train.config.TrainConfig;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The number by which a training is judged; a share, 0 to 1. */
public enum Outcome {
    /** Held-out accuracy after the last step. */
    FINAL_ACCURACY("held-out accuracy after the last step"),
    /** Mean of the held-out accuracies after step 0: counts speed of learning too, with less noise. */
    MEAN_ACCURACY("mean of the held-out accuracies after step 0"),
    /** Mean training reward over all steps: the outcome with the least noise. */
    MEAN_REWARD("training reward, mean over all steps");

    private final String description;

    Outcome(String description) {
        this.description = description;
    }

    static Outcome of(String name) {
        List<String> names = Arrays.stream(values()).map(Outcome::toString).toList();
        if (!names.contains(name)) {
            throw new BadInputException("there is no outcome '" + name + "'"
                    + Nearest.to(name, names)
                            .map(known -> ", did you mean " + known + "?")
                            .orElse("")
                    + "; expected some of " + String.join(", ", names));
        }
        return values()[names.indexOf(name)];
    }

    /** Description in one line. */
    public String description() {
        return description;
    }

    /** Whether a training of this configuration has this outcome. */
    boolean isOf(TrainConfig config) {
        return this == MEAN_REWARD || config.eval().every() > 0;
    }

    /** Whether the outcome is an accuracy on held-out problems; each benchmark has its own. */
    public boolean isAccuracy() {
        return this != MEAN_REWARD;
    }

    /** The outcome of a run; with benchmarks, an accuracy is their plain average. */
    public double of(FinishedRun run) {
        return of(run.series(isAccuracy() ? AccuracyNames.AVERAGE : "reward"));
    }

    /** The accuracy on a benchmark. */
    double of(FinishedRun run, String benchmark) {
        return of(run.series(AccuracyNames.of(benchmark)));
    }

    private double of(double[] series) {
        return this == FINAL_ACCURACY ? last(series) : mean(series);
    }

    private static double last(double[] series) {
        return series[series.length - 1];
    }

    /** Mean over the steps that have a value, without step 0. */
    private static double mean(double[] series) {
        return Arrays.stream(series)
                .skip(1)
                .filter(value -> !Double.isNaN(value))
                .average()
                .orElse(Double.NaN);
    }

    /** Name in a configuration: {@code final-accuracy}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
