package dev.upbeat.train;

import dev.upbeat.task.Problem;
import dev.upbeat.task.Task;
import dev.upbeat.task.TaskRow;
import dev.upbeat.task.endpoint.RewardUnavailableException;
import dev.upbeat.trace.Score;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Waits for verdicts that cannot be had at the moment: training pauses, and nothing is scored meanwhile. */
final class PatientTask implements Task {
    private static final long SLICE_MILLIS = 200;

    private final Task task;
    private final Duration patience;
    private final Duration pause;
    private final TrainingListener listener;
    private volatile BooleanSupplier stop = () -> false;

    /**
     * @param patience after which it gives up
     * @param pause between two attempts
     * @param listener told that training waits, once an outage
     */
    PatientTask(Task task, Duration patience, Duration pause, TrainingListener listener) {
        this.task = task;
        this.patience = patience;
        this.pause = pause;
        this.listener = listener;
    }

    /** From now on waiting ends where this says so. */
    void stopWhere(BooleanSupplier asked) {
        stop = asked;
    }

    @Override
    public String name() {
        return task.name();
    }

    @Override
    public List<Problem> prompts(long seed, long step, int count) {
        return task.prompts(seed, step, count);
    }

    @Override
    public List<Problem> test() {
        return task.test();
    }

    @Override
    public Problem problem(TaskRow row) {
        return task.problem(row);
    }

    @Override
    public Score verify(Problem problem, String response) {
        return verifyAll(List.of(problem), List.of(response)).get(0);
    }

    /** @throws RewardUnavailableException where patience is over, or waiting cannot help */
    @Override
    public List<Score> verifyAll(List<Problem> problems, List<String> responses) {
        long deadline = System.nanoTime() + patience.toNanos();
        for (boolean first = true; ; first = false) {
            try {
                return task.verifyAll(problems, responses);
            } catch (RewardUnavailableException e) {
                if (!e.mayPass() || stop.getAsBoolean() || System.nanoTime() >= deadline) {
                    throw e;
                }
                if (first) {
                    listener.warn(e.getMessage() + "; training waits up to " + patience.toSeconds()
                            + " s for it, and nothing is scored meanwhile");
                }
                waitForIt(deadline);
            }
        }
    }

    private void waitForIt(long deadline) {
        long end = Math.min(deadline, System.nanoTime() + pause.toNanos());
        try {
            while (System.nanoTime() < end && !stop.getAsBoolean()) {
                Thread.sleep(SLICE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for rewards", e);
        }
    }
}
