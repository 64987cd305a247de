package dev.upbeat.train;

import dev.upbeat.credit.Credit;
import dev.upbeat.learn.Critics;
import dev.upbeat.learn.DivergedException;
import dev.upbeat.learn.GroupAdvantage;
import dev.upbeat.learn.Updater;
import dev.upbeat.model.NotFiniteException;
import dev.upbeat.task.Problem;
import dev.upbeat.task.endpoint.UnavailableException;
import dev.upbeat.trace.ObservedStep;
import dev.upbeat.trace.Rollouts;
import dev.upbeat.trace.Scores;
import dev.upbeat.trace.Step;
import dev.upbeat.trace.Update;
import java.io.IOException;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Group-relative policy optimisation with attention credit (arXiv 2510.13554, Eq. 5-6, 12-19). In each step the actor
 * samples responses, the verifier scores them, and the observer measures old log-probs and attention metrics in one no-grad
 * pass. Credit then gives each token its own advantage, and the updater trains the policy on these advantages.
 */
final class Trainer implements TrainingLoop {
    private final Actor actor;
    private final Verifier verifier;
    private final RolloutObserver observer;
    private final @Nullable StepJudge judge;
    private final @Nullable Critics critics;
    private final Credit credit;
    private final Updater updater;
    private final Journal journal;
    private final GroupAdvantage.Deviation deviation;
    private final long seed;

    /**
     * @param judge null for a credit that reads no judgements
     * @param critics null for a credit that reads no values
     */
    Trainer(
            Actor actor,
            Verifier verifier,
            RolloutObserver observer,
            @Nullable StepJudge judge,
            @Nullable Critics critics,
            Credit credit,
            Updater updater,
            Journal journal,
            GroupAdvantage.Deviation deviation,
            long seed) {
        this.actor = actor;
        this.verifier = verifier;
        this.observer = observer;
        this.judge = judge;
        this.critics = critics;
        this.credit = credit;
        this.updater = updater;
        this.journal = journal;
        this.deviation = deviation;
        this.seed = seed;
    }

    @Override
    public long train(long done, long steps, BooleanSupplier stop) throws IOException {
        journal.begin();
        if (judge != null) {
            judge.patience().stopWhen(stop);
        }
        long number = done;
        @Nullable Step step = null; // the latest observed step; its traces are saved if training diverges
        List<Update> updates = List.of();
        try {
            while (number < steps && !stop.getAsBoolean()) {
                number++;
                List<Problem> problems = actor.problems(number); // [B / G]
                Rollouts rollouts = actor.rollOut(number, problems); // G responses to each problem, [B]
                Scores scores = verifier.score(problems, rollouts); // rewards [B]
                float[] advantages = GroupAdvantage.of(scores.rewards(), rollouts.group(), deviation); // A_i, [B]
                ObservedStep seen = observer.observe(number, rollouts, advantages); // ONE no-grad pass, [B][T]
                if (judge != null) {
                    seen = judge.judge(problems, rollouts, advantages, seen); // scores of the steps, [B][T]
                }
                if (critics != null) {
                    seen = critics.value(rollouts, seen); // values of the states, [B][T]
                }
                step = new Step(seed, number, rollouts, scores, advantages, seen);
                updates = credit.apply(step); // gamma_t A_i, [B][T]
                if (critics != null) {
                    critics.train(rollouts, scores.rewards());
                }
                journal.record(step, updates, updater.update(step, updates));
            }
            return number;
        } catch (UnavailableException e) {
            throw new PausedException(number - 1, e);
        } catch (DivergedException | NotFiniteException e) {
            throw step == null ? e : journal.diverged(step, updates, e);
        }
    }
}
