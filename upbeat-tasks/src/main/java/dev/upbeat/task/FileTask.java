package dev.upbeat.task;

import dev.upbeat.io.BadInputException;
import java.util.Arrays;
import java.util.List;

/** A task with given problems, such as those of a user's file. */
public final class FileTask extends ForwardingTask {
    private final List<Problem> train;
    private final List<Problem> test;

    /**
     * @param task that judges the responses
     * @param train training problems; empty if nothing is trained
     * @param test held-out problems; empty if nothing is evaluated
     */
    public FileTask(Task task, List<Problem> train, List<Problem> test) {
        super(task);
        this.train = List.copyOf(train);
        this.test = List.copyOf(test);
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
}
