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

/** The task of a training, with problems that the task makes itself or that come from the user's files. */
final class TrainingTask {
    /** Pause between two attempts while rewards are unavailable. */
    private static final Duration PAUSE = Duration.ofSeconds(10);

    private TrainingTask() {}

    /**
     * The task of a training, with its problems.
     *
     * @throws BadInputException if there is no such task, or its files cannot be used with the model
     */
    static PatientTask task(TaskConfig config, Encoding encoding, TrainingListener listener) throws IOException {
        Task task = Tasks.of(config.options(), encoding.tokenizer());
        return new PatientTask(
                config.data() == null ? task : read(task, config, config.data(), encoding::prompt),
                Duration.ofSeconds(config.patienceSeconds()),
                PAUSE,
                listener);
    }

    /**
     * The task of a training without its model: the rows are checked, but not whether they fit the model.
     *
     * @throws BadInputException as {@link #task}, except for errors that depend on the model
     */
    static Task withoutModel(TaskConfig config) throws IOException {
        Task task = Tasks.forVerdicts(config.options());
        return config.data() == null ? task : read(task, config, config.data(), problem -> {});
    }

    /**
     * @param task task of the rows
     * @param data training rows; its last rows are held out if there is no file of held-out rows
     * @param fit throws a {@link BadInputException} for a problem that does not fit the model
     * @throws BadInputException if a row is not a problem of the task or leaves no room for a response, there are too few
     *     rows, or a held-out row is also trained on
     */
    private static Task read(Task task, TaskConfig config, Path data, Consumer<Problem> fit) throws IOException {
        List<Problem> train = problems(task, data, Integer.MAX_VALUE, fit);
        Path testData = config.testData();
        if (testData != null) {
            List<Problem> test = problems(task, testData, config.test(), fit);
            List<Problem> asked = first(train, config.train());
            requireDisjoint(data, asked, testData, test);
            return new FileTask(task, asked, test);
        }
        int split = train.size() - config.test();
        if (split < 1) {
            throw new BadInputException(data + ": has " + train.size() + " rows, and task.test holds out the last "
                    + config.test() + " of them; give more rows, a smaller task.test, or a separate file in "
                    + "task.test_data");
        }
        List<Problem> asked = first(train.subList(0, split), config.train());
        List<Problem> test = train.subList(split, train.size());
        requireDisjoint(data, asked, data, test);
        return new FileTask(task, asked, test);
    }

    /** Rejects held-out problems that are also trained on, because the model may have memorised their answers. */
    private static void requireDisjoint(Path data, List<Problem> train, Path testData, List<Problem> test) {
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

    private static List<Problem> first(List<Problem> problems, int most) {
        return problems.subList(0, Math.min(most, problems.size()));
    }

    /** Reads and checks every problem, so that a problem that does not fit is rejected before training. */
    private static List<Problem> problems(Task task, Path file, int most, Consumer<Problem> fit) throws IOException {
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
