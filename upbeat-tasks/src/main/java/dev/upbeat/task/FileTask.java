package dev.upbeat.task;

import dev.upbeat.io.BadInputException;
import dev.upbeat.trace.Score;
import java.util.Arrays;
import java.util.List;

/** A task whose problems are given, such as those of a user's file. */
public final class FileTask implements Task {
    private final Task task;
    private final List<Problem> train;
    private final List<Problem> test;

    /**
     * @param task whose problems they are
     * @param train none where nothing is trained
     * @param test none where nothing is evaluated
     */
    public FileTask(Task task, List<Problem> train, List<Problem> test) {
        this.task = task;
        this.train = List.copyOf(train);
        this.test = List.copyOf(test);
    }

    @Override
    public String name() {
        return task.name();
    }

    @Override
    public List<Problem> prompts(long seed, long step, int count) {
        if (train.isEmpty()) {
            throw new BadInputException("task " + name() + " has no training problems");
        }
        return Arrays.stream(Epochs.indices(seed, step, count, train.size()))
                .mapToObj(train::get)
                .toList();
    }

    @Override
    public List<Problem> test() {
        return test;
    }

    @Override
    public Problem problem(TaskRow row) {
        return task.problem(row);
    }

    @Override
    public Score verify(Problem problem, String response) {
        return task.verify(problem, response);
    }

    @Override
    public List<Score> verifyAll(List<Problem> problems, List<String> responses) {
        return task.verifyAll(problems, responses);
    }
}
