package dev.upbeat.train;

import dev.upbeat.credit.Credit;
import dev.upbeat.credit.CreditMetrics;
import dev.upbeat.learn.Updater;
import dev.upbeat.store.RunRow;
import dev.upbeat.store.TrainingPlace;
import dev.upbeat.store.TrainingRun;
import dev.upbeat.trace.Observation;
import dev.upbeat.trace.Step;
import dev.upbeat.trace.Trace;
import dev.upbeat.trace.Update;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Records each step: its metrics, evaluation and checkpoint, and its traces if the {@link Rule} says so. */
final class Journal {
    private final TrainingRun run;
    private final RunKeeper keeper;
    private final Encoding encoding;
    private final Rule rule;
    private final Credit credit;
    private final NoGradientWarning noGradientWarning;
    private final CutOffWarning cutOffWarning;
    private Timer clock = new Timer();

    /**
     * Decides which traces are written: those of the first step, the last step and every {@code every} steps.
     *
     * @param steps number of steps of the whole run
     * @param every number of steps between two files of traces; 0 for none
     * @param traces maximum number of traces in a file
     */
    record Rule(long steps, long every, int traces) {
        /**
         * Maximum number of responses of a step that are recorded. The first responses are recorded, whatever their
         * advantage.
         */
        int records(long step) {
            return every > 0 && (step % every == 0 || step == 1 || step == steps) ? traces : 0;
        }
    }

    /**
     * @param credit weights the tokens of responses that are only recorded
     * @param noGradientWarning warns of steps without a gradient
     * @param cutOffWarning warns of many responses that were cut off
     */
    Journal(
            TrainingRun run,
            RunKeeper keeper,
            Encoding encoding,
            Rule rule,
            Credit credit,
            NoGradientWarning noGradientWarning,
            CutOffWarning cutOffWarning) {
        this.run = run;
        this.keeper = keeper;
        this.encoding = encoding;
        this.rule = rule;
        this.credit = credit;
        this.noGradientWarning = noGradientWarning;
        this.cutOffWarning = cutOffWarning;
    }

    /** Starts the clock of the first step. */
    void begin() {
        clock = new Timer();
    }

    /** Records a step after its updates. */
    void record(Step step, List<Update> updates, Updater.Result updated) throws IOException {
        double seconds = clock.seconds() - step.observed().recorded().seconds();
        Map<String, Object> line = StepMetrics.of(step, updates, updated, seconds);
        if (!CreditMetrics.anyAdvantage(updates)) {
            noGradientWarning.step(step.number(), line);
        }
        cutOffWarning.step(step.number(), line);
        List<RunRow> traces = rows(step, updates, Math.min(rule.records(step.number()), step.size()));
        if (!traces.isEmpty()) {
            run.traces(step.number(), traces);
            if (step.observed().groups() != null) {
                run.heads(step.observed().groups());
            }
        }
        keeper.keep(line);
        clock = new Timer();
    }

    /**
     * Saves the traces of a step whose update diverged or made the weights unusable.
     *
     * @return the exception to throw; it names the step and the file
     */
    IllegalStateException diverged(Step step, List<Update> updates, RuntimeException reason) throws IOException {
        Path traces = run.failed(step.number(), rows(step, updates, step.size()));
        return TrainingLoop.diverged(step.number(), reason, traces);
    }

    /** Rows of the first {@code count} responses, without those that were not observed. */
    private List<RunRow> rows(Step step, List<Update> updates, int count) {
        Step further = step.recordedOnly();
        boolean any = !step.observed().recorded().observations().isEmpty();
        List<Update> furtherUpdates = any ? credit.apply(further) : List.of();
        List<RunRow> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            if (step.isObserved(i)) {
                rows.add(row(step, updates, i));
            } else if (further.isObserved(i)) {
                rows.add(row(further, furtherUpdates, i));
            }
        }
        return rows;
    }

    private RunRow row(Step step, List<Update> updates, int i) {
        Trace drawn = step.trainingRollouts().traces().get(i);
        Trace trace = new Trace(
                drawn.id(),
                drawn.promptIds(),
                drawn.responseIds(),
                encoding.texts(drawn.responseIds()),
                drawn.temperature(),
                step.trainingScores().rewards()[i]);
        int group = step.trainingRollouts().group();
        Observation seen = step.observation(i);
        float[] gamma = CreditMetrics.gamma(updates, i);
        if (gamma != null) {
            seen = seen.with("gamma", gamma);
        }
        return new RunRow(
                trace,
                encoding.texts(drawn.promptIds()),
                seen.with("token_advantage", CreditMetrics.tokenAdvantages(updates, i)),
                new TrainingPlace(step.number(), i / group, i % group, step.advantages()[i]));
    }
}
