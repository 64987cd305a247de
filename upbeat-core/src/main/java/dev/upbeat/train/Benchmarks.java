package dev.upbeat.train;

import dev.upbeat.eval.Tasks;
import dev.upbeat.io.BadInputException;
import dev.upbeat.task.Problem;
import dev.upbeat.task.Task;
import dev.upbeat.task.TaskOptions;
import dev.upbeat.train.config.BenchmarkConfig;
import dev.upbeat.train.config.EvalConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** Reads the problems that a training evaluates: its own held-out problems, or those of {@code eval.tasks}. */
final class Benchmarks {
    private final TrainingTask training;
    private final Function<TaskOptions, Task> tasks;
    private final Consumer<Problem> fit;

    /**
     * @param tasks makes a task from its options
     * @param fit throws a {@link BadInputException} for a problem that does not fit the model
     */
    private Benchmarks(TrainingTask training, Function<TaskOptions, Task> tasks, Consumer<Problem> fit) {
        this.training = training;
        this.tasks = tasks;
        this.fit = fit;
    }

    /** @param training the task of the training, with the problems that are trained on */
    static Benchmarks of(TrainingTask training, Encoding encoding) {
        return new Benchmarks(training, options -> Tasks.of(options, encoding.tokenizer()), encoding::prompt);
    }

    /** As {@link #of}, but does not check whether the rows fit the model. */
    static Benchmarks withoutModel(TrainingTask training) {
        return new Benchmarks(training, Tasks::forVerdicts, problem -> {});
    }

    /**
     * The problems of each evaluation; none if {@code config} evaluates nothing.
     *
     * @throws BadInputException if a row is not a problem of its task, does not fit the model or is also trained on
     */
    List<HeldOut.Problems> read(EvalConfig config) throws IOException {
        if (config.every() == 0) {
            return List.of();
        }
        PatientTask own = training.task();
        if (config.tasks().isEmpty()) {
            return List.of(new HeldOut.Problems(null, own, own.test(), config.samples(), config.every()));
        }
        List<HeldOut.Problems> sets = new ArrayList<>();
        for (BenchmarkConfig benchmark : config.tasks()) {
            Path data = benchmark.data();
            Task task = data == null ? own : own.with(tasks.apply(benchmark.options()));
            List<Problem> problems = data == null ? own.test() : problems(task, data);
            sets.add(new HeldOut.Problems(benchmark.name(), task, problems, benchmark.samples(), benchmark.every()));
        }
        return sets;
    }

    private List<Problem> problems(Task task, Path data) throws IOException {
        List<Problem> problems = TrainingTask.problems(task, data, Integer.MAX_VALUE, fit);
        training.requireNotTrainedOn(data, problems);
        return problems;
    }
}
