package dev.upbeat.train;

import dev.upbeat.credit.Credit;
import dev.upbeat.credit.CreditBatch;
import dev.upbeat.store.TrainingPlace;
import dev.upbeat.store.TrainingRun;
import dev.upbeat.trace.HeadGroups;
import dev.upbeat.trace.Trace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes down what each step did: its traces, now and then, its line of metrics, and whatever the keeper keeps. */
final class Journal {
    private final TrainingRun run;
    private final RunKeeper keeper;
    private final Encoding encoding;
    private final Rule rule;
    private Seconds clock = new Seconds();

    /**
     * Which traces are written.
     *
     * @param steps of the whole run
     * @param every steps between two files, 0 for none
     * @param traces in each
     */
    record Rule(long steps, long every, int traces) {
        boolean writes(long step) {
            return every > 0 && (step % every == 0 || step == 1 || step == steps);
        }
    }

    Journal(TrainingRun run, RunKeeper keeper, Encoding encoding, Rule rule) {
        this.run = run;
        this.keeper = keeper;
        this.encoding = encoding;
        this.rule = rule;
    }

    /** From now on the first step is counted. */
    void begin() {
        clock = new Seconds();
    }

    /**
     * A step as it was.
     *
     * @param batch of the responses that were observed, [A]
     * @param gamma [A][T]
     * @param groups the head groups in use, null where none are to be written
     */
    record Entry(
            Rollouts rollouts,
            Verifier.Scores scores,
            RolloutObserver.Seen seen,
            Credit credit,
            CreditBatch batch,
            float[][] gamma,
            @Nullable HeadGroups groups) {
        long step() {
            return rollouts.step() + 1;
        }
    }

    void record(Entry entry, Student.Update update) throws IOException {
        double seconds = clock.passed();
        Map<String, Object> line = StepMetrics.of(entry, update, seconds);
        if (rule.writes(entry.step()) && entry.batch().size() > 0) {
            run.traces(entry.step(), placed(entry, rule.traces()));
            if (entry.groups() != null) {
                run.heads(entry.groups());
            }
        }
        keeper.keep(line);
        clock = new Seconds();
    }

    /**
     * Saves the traces of a step that diverged, or whose update made weights that the model cannot compute with.
     *
     * @return what to throw: names the step and the file
     */
    IllegalStateException diverged(Entry entry, RuntimeException reason) throws IOException {
        return TrainingLoop.diverged(entry.step(), reason, run.failed(entry.step(), placed(entry, Integer.MAX_VALUE)));
    }

    private List<TrainingRun.PlacedTrace> placed(Entry entry, int most) {
        List<TrainingRun.PlacedTrace> placed = new ArrayList<>();
        Rollouts rollouts = entry.rollouts();
        for (int i = 0; i < Math.min(most, entry.batch().size()); i++) {
            int response = entry.seen().responses()[i];
            Trace drawn = rollouts.traces().get(response);
            Trace trace = new Trace(
                    drawn.id(),
                    drawn.promptIds(),
                    drawn.responseIds(),
                    encoding.texts(drawn.responseIds()),
                    drawn.temperature(),
                    entry.scores().rewards()[response]);
            int group = rollouts.group();
            TrainingPlace place = new TrainingPlace(
                    entry.step(),
                    response / group,
                    response % group,
                    entry.batch().advantages()[i]);
            placed.add(new TrainingRun.PlacedTrace(
                    trace,
                    encoding.texts(drawn.promptIds()),
                    entry.seen().observations().get(i).with("gamma", entry.gamma()[i]),
                    place));
        }
        return placed;
    }
}
