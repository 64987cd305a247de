package dev.upbeat.train;

import dev.upbeat.eval.Tasks;
import dev.upbeat.io.BadInputException;
import dev.upbeat.store.TaskRowFile;
import dev.upbeat.task.FileTask;
import dev.upbeat.task.Problem;
import dev.upbeat.task.Task;
import dev.upbeat.task.TaskRow;
import dev.upbeat.trace.Prompt;
import dev.upbeat.train.config.TaskConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The task of a training, with problems that the task makes itself or that come from the user's files.
 *
 * @param data file of the training rows; null if the task makes its problems
 * @param train the problems of this file that are trained on
 */
record TrainingTask(PatientTask task, @Nullable Path data, List<Problem> train) {
    /** Pause between two attempts while a service is unavailable. */
    static final Duration PAUSE = Duration.ofSeconds(10);

    /**
     * The task of a training, with its problems.
     *
     * @throws BadInputException if there is no such task, or its files cannot be used with the model
     */
    static TrainingTask of(TaskConfig config, Encoding encoding, TrainingListener listener) throws IOException {
        return of(config, Tasks.of(config.options(), encoding.tokenizer()), encoding::prompt, listener);
    }

    /**
     * The task of a training without its model: the rows are checked, but not whether they fit the model.
     *
     * @throws BadInputException as {@link #of}, except for errors that depend on the model
     */
    static TrainingTask withoutModel(TaskConfig config, TrainingListener listener) throws IOException {
        return of(config, Tasks.forVerdicts(config.options()), problem -> {}, listener);
    }

    /**
     * @param task makes the problems, or problems of rows
     * @param fit throws a {@link BadInputException} for a problem that does not fit the model
     * @throws BadInputException if a row is not a problem of the task or leaves no room for a response, there are too few
     *     rows, or a held-out row is also trained on
     */
    private static TrainingTask of(TaskConfig config, Task task, Consumer<Problem> fit, TrainingListener listener)
            throws IOException {
        Path data = config.data();
        if (data == null) {
            return new TrainingTask(patient(task, config, listener), null, List.of());
        }
        List<Problem> rows = problems(task, data, Integer.MAX_VALUE, fit);
        Path testData = config.testData();
        int split = testData == null ? rows.size() - config.test() : rows.size();
        if (split < 1) {
            throw new BadInputException(data + ": has " + rows.size() + " rows, and task.test holds out the last "
                    + config.test() + " of them; give more rows, a smaller task.test, or a separate file in "
                    + "task.test_data");
        }
        List<Problem> train = rows.subList(0, Math.min(split, config.train()));
        List<Problem> test =
                testData == null ? rows.subList(split, rows.size()) : problems(task, testData, config.test(), fit);
        TrainingTask read = new TrainingTask(patient(new FileTask(task, train, test), config, listener), data, train);
        read.requireNotTrainedOn(testData == null ? data : testData, test);
        return read;
    }

    private static PatientTask patient(Task task, TaskConfig config, TrainingListener listener) {
        Patience patience = new Patience(Duration.ofSeconds(config.patienceSeconds()), PAUSE, listener);
        return new PatientTask(task, patience);
    }

    /**
     * Rejects held-out problems that are also trained on, because the model may have memorised their answers.
     *
     * @param testData file of the held-out problems
     */
    void requireNotTrainedOn(Path testData, List<Problem> test) {
        Map<Prompt, String> asked = new HashMap<>();
        train.forEach(problem -> asked.put(problem.prompt(), problem.id()));
        for (Problem problem : test) {
            String same = asked.get(problem.prompt());
            if (same != null) {
                throw new BadInputException(testData + ": row " + problem.id() + " asks the same as row " + same
                        + " of " + data + "; held-out problems must not be trained on: remove one of the two");
            }
        }
    }

    /** Reads and checks every problem, so that a problem that does not fit is rejected before training. */
    static List<Problem> problems(Task task, Path file, int most, Consumer<Problem> fit) throws IOException {
        List<TaskRow> rows = TaskRowFile.read(file, most);
        List<Problem> problems = Tasks.problems(task, rows);
        for (int i = 0; i < rows.size(); i++) {
            Problem problem = problems.get(i);
            BadInputException.at(rows.get(i).place(), () -> {
                fit.accept(problem);
                return problem;
            });
        }
        return problems;
    }
}
