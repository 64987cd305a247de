package dev.upbeat.train;

import dev.upbeat.task.ForwardingTask;
import dev.upbeat.task.Problem;
import dev.upbeat.task.Task;
import dev.upbeat.task.endpoint.RewardUnavailableException;
import dev.upbeat.trace.Score;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/** A task that waits while verdicts are unavailable. Training pauses, and no response is scored during the outage. */
final class PatientTask extends ForwardingTask {
    private static final long SLICE_MILLIS = 200;

    private final Duration patience;
    private final Duration pause;
    private final TrainingListener listener;
    private volatile BooleanSupplier stop = () -> false;

    /**
     * @param patience longest wait in one outage
     * @param pause pause between two attempts
     * @param listener receives one warning per outage
     */
    PatientTask(Task task, Duration patience, Duration pause, TrainingListener listener) {
        super(task);
        this.patience = patience;
        this.pause = pause;
        this.listener = listener;
    }

    /** Another task with the same patience. Its waits end with those of this task. */
    PatientTask with(Task other) {
        PatientTask task = new PatientTask(other, patience, pause, listener);
        task.stop = () -> stop.getAsBoolean();
        return task;
    }

    /** Ends every wait once the supplier returns true. */
    void stopWhen(BooleanSupplier asked) {
        stop = asked;
    }

    @Override
    public Score verify(Problem problem, String response) {
        return verifyAll(List.of(problem), List.of(response)).get(0);
    }

    @Override
    public List<Score> verifyAll(List<Problem> problems, List<String> responses) {
        return verifyAll(problems, responses, new boolean[responses.size()]);
    }

    /** @throws RewardUnavailableException after the longest wait, or if waiting cannot help */
    @Override
    public List<Score> verifyAll(List<Problem> problems, List<String> responses, boolean[] truncated) {
        long deadline = System.nanoTime() + patience.toNanos();
        for (boolean first = true; ; first = false) {
            try {
                return super.verifyAll(problems, responses, truncated);
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
