package dev.upbeat.train;

import dev.upbeat.credit.Credit;
import dev.upbeat.credit.CreditBatch;
import dev.upbeat.learn.DivergedException;
import dev.upbeat.learn.GroupAdvantage;
import dev.upbeat.learn.Learner;
import dev.upbeat.model.NotFiniteException;
import dev.upbeat.task.endpoint.RewardUnavailableException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Group-relative policy optimisation with attention credit (arXiv 2510.13554, Eq. 5-6, 12-19): a policy writes, an observer
 * watches its attention in the pass that old log-probs need anyway, credit turns what was seen into a weight a token, a
 * learner applies them.
 */
final class Trainer implements TrainingLoop {
    private final Actor actor;
    private final Verifier verifier;
    private final RolloutObserver observer;
    private final Credit credit;
    private final Student student;
    private final Journal journal;
    private final Learner learner;
    private final long seed;

    Trainer(
            Actor actor,
            Verifier verifier,
            RolloutObserver observer,
            Credit credit,
            Student student,
            Journal journal,
            Learner learner,
            long seed) {
        this.actor = actor;
        this.verifier = verifier;
        this.observer = observer;
        this.credit = credit;
        this.student = student;
        this.journal = journal;
        this.learner = learner;
        this.seed = seed;
    }

    @Override
    public long train(long done, long steps, BooleanSupplier stop) throws IOException {
        journal.begin();
        Journal.@Nullable Entry entry = null; // the step whose update the weights are from, or are to be from
        try {
            long step = done;
            for (; step < steps && !stop.getAsBoolean(); step++) {
                Rollouts rollouts = actor.rollOut(step); // B = prompts x G
                Verifier.Scores scores = score(rollouts); // rewards [B]
                float[] advantages = GroupAdvantage.of(scores.rewards(), rollouts.group()); // A_i, [B]
                RolloutObserver.Seen seen =
                        observer.observe(rollouts, advantages); // ONE no-grad pass, A of the B responses
                CreditBatch batch = seen.batch(seed, rollouts, advantages); // [A]
                float[][] gamma = credit.gamma(batch); // [A][T], detached
                entry = new Journal.Entry(rollouts, scores, seen, credit, batch, gamma, observer.found());
                journal.record(entry, student.update(entry));
            }
            return step;
        } catch (DivergedException | NotFiniteException e) {
            throw entry == null ? e : journal.diverged(entry, e);
        }
    }

    /** @throws PausedException where the rewards cannot be had */
    private Verifier.Scores score(Rollouts rollouts) {
        try {
            return verifier.score(rollouts);
        } catch (RewardUnavailableException e) {
            throw new PausedException(rollouts.step(), e);
        }
    }

    @Override
    public void load(Path directory) {
        learner.load(directory);
    }
}
