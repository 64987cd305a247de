package dev.upbeat.train;

import dev.upbeat.io.BadInputException;
import dev.upbeat.store.TrainingRun;
import dev.upbeat.train.config.TrainConfig;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/** What the configuration of a continued run may change. */
final class ResumeRules {
    /** Keys of a judge that decide how it is reached, not what it is asked. */
    private static final Set<String> JUDGE_TRANSPORT = Set.of(
            "credit.judge.url",
            "credit.judge.timeout",
            "credit.judge.retries",
            "credit.judge.concurrency",
            "credit.judge.patience");

    private ResumeRules() {}

    /**
     * Whether a continued run may have another value of the key. Place and frequency of checkpoints do not change a step.
     * With a constant learning rate, neither does the number of steps. A judge may be reached at another address.
     */
    static boolean mayDiffer(String key, TrainConfig config) {
        return key.startsWith("checkpoint.")
                || JUDGE_TRANSPORT.contains(key)
                || key.equals("out")
                || (key.equals("learn.steps") && config.optimizer().schedule().equals("constant"));
    }

    /** Rejects a configuration with which the run in its directory cannot go on. Changes nothing. */
    static void requireSame(TrainConfig config) throws IOException {
        TrainingRun.requireSame(config.out(), config.resolved(), config.usual(), key -> mayDiffer(key, config));
        Optional<Long> done = TrainingRun.latestCheckpoint(config.out());
        if (done.isPresent()) {
            requireSteps(config, done.get());
        }
    }

    static void requireSteps(TrainConfig config, long done) {
        long steps = config.optimizer().steps();
        if (steps < done) {
            throw new BadInputException("learn.steps is " + steps + ", but the run in " + config.out() + " has done "
                    + done + " steps; expected at least " + done
                    + " to continue it, or another directory for a new run (out=DIR)");
        }
    }
}
