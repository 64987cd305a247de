package dev.upbeat.train;

import com.fasterxml.jackson.databind.JsonNode;
import dev.upbeat.store.AccuracyNames;
import dev.upbeat.store.CheckpointFiles;
import dev.upbeat.store.TrainingRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Writes the evaluations, metrics and checkpoints of a training, in this order. Whenever the process dies, the files are
 * complete up to the last checkpoint.
 */
final class RunKeeper {
    private static final String ROUNDING_LOSS = "checkpoint/rounding_loss";

    /** Rounding loss above which the user is warned. */
    private static final double LARGE_ROUNDING_LOSS = 0.1;

    private final TrainingRun run;
    private final Rule rule;
    private final HeldOut heldOut;
    private final Saver state;
    private final Supplier<OptionalDouble> roundingLoss;
    private final TrainingListener listener;
    private boolean warnedOfRounding;
    private double best = Double.NEGATIVE_INFINITY;
    private long bestStep;

    /** Fills a checkpoint's directory. */
    @FunctionalInterface
    interface Saver {
        /** @param step number of steps done */
        void save(long step, Path directory) throws IOException;
    }

    /**
     * Decides when checkpoints are made, and which are kept.
     *
     * @param steps number of steps of the whole run
     * @param checkpointEvery number of steps between two checkpoints
     * @param keepLast number of latest checkpoints that are kept
     * @param keepBest whether the checkpoint of best accuracy is kept
     */
    record Rule(long steps, long checkpointEvery, int keepLast, boolean keepBest) {}

    /**
     * @param heldOut evaluates on the held-out problems
     * @param state fills a checkpoint
     * @param roundingLoss share of the update that a checkpoint loses now; empty if checkpoints do not round the weights
     * @param listener receives each step that is recorded
     */
    RunKeeper(
            TrainingRun run,
            Rule rule,
            HeldOut heldOut,
            Saver state,
            Supplier<OptionalDouble> roundingLoss,
            TrainingListener listener)
            throws IOException {
        this.run = run;
        this.rule = rule;
        this.heldOut = heldOut;
        this.state = state;
        this.roundingLoss = roundingLoss;
        this.listener = listener;
        for (JsonNode line : run.metrics().read()) {
            if (line.has(AccuracyNames.AVERAGE)) {
                note(
                        line.path("step").asLong(),
                        line.path(AccuracyNames.AVERAGE).asDouble());
            }
        }
    }

    /** Evaluates the untrained model of a new run, or the step whose evaluation was stopped in a continued one. */
    void begin() throws IOException {
        Map<String, Object> unevaluated = run.checkpoints().unevaluated();
        if (unevaluated != null) {
            keep(unevaluated);
        } else if (run.metrics().read().isEmpty() && heldOut.isDue(0)) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("step", 0L);
            keep(line);
        }
    }

    /**
     * Writes a step, with the evaluation and the checkpoint that are due.
     *
     * @param line line of metrics.jsonl; the accuracies of the evaluations are added to it
     */
    void keep(Map<String, Object> line) throws IOException {
        long step = (Long) Objects.requireNonNull(line.get("step"), "step");
        boolean isBest = false;
        if (heldOut.isDue(step)) {
            listener.doing("step " + step + ": evaluating on " + heldOut.size(step) + " held-out problems");
            HeldOut.Result result = evaluated(step, line);
            run.evaluations().append(result.rows());
            line.putAll(result.metrics());
            Double accuracy = result.metrics().get(AccuracyNames.AVERAGE);
            isBest = accuracy != null && note(step, accuracy);
        }
        boolean saves =
                step > 0 && (step % rule.checkpointEvery() == 0 || step == rule.steps() || (isBest && rule.keepBest()));
        if (saves) {
            roundingLoss.get().ifPresent(loss -> putRounding(line, step, loss));
        }
        run.metrics().append(line);
        if (run.checkpoints().isUnevaluated(step)) {
            run.metrics().force();
            run.evaluations().force();
            run.checkpoints().evaluated(step);
        }
        if (saves) {
            checkpoint(step);
        }
        listener.stepped(line);
    }

    /** Runs the evaluations of a step. If they are stopped, saves the step, so that a resumed run repeats only them. */
    private HeldOut.Result evaluated(long step, Map<String, Object> line) throws IOException {
        try {
            return heldOut.evaluate(step);
        } catch (StoppedException e) {
            if (step > 0) {
                run.metrics().force();
                run.evaluations().force();
                run.checkpoints().write(step, directory -> {
                    state.save(step, directory);
                    CheckpointFiles.writeUnevaluated(directory, line);
                });
            }
            throw e;
        }
    }

    private void putRounding(Map<String, Object> line, long step, double loss) {
        line.put(ROUNDING_LOSS, loss);
        if (loss > LARGE_ROUNDING_LOSS && !warnedOfRounding) {
            warnedOfRounding = true;
            listener.warn(String.format(
                    Locale.ROOT,
                    "step %d: rounding the weights of the checkpoint %s (%s); only trainer/ has the exact weights."
                            + " Set checkpoint.dtype to f32 to export them.",
                    step,
                    loss <= 1
                            ? String.format(Locale.ROOT, "loses %.0f %% of what training has changed", 100 * loss)
                            : String.format(Locale.ROOT, "changes them %.3g times as much as training has", loss),
                    ROUNDING_LOSS));
        }
    }

    private boolean note(long step, double accuracy) {
        boolean better = accuracy > best;
        if (better) {
            best = accuracy;
            bestStep = step;
        }
        return better;
    }

    /** Saves the state after a step, if it is not saved yet, and deletes checkpoints that are no longer kept. */
    void checkpoint(long step) throws IOException {
        listener.doing("step " + step + ": saving a checkpoint");
        run.metrics().force();
        run.evaluations().force();
        run.checkpoints().write(step, directory -> state.save(step, directory));
        List<Long> steps = run.checkpoints().steps();
        Set<Long> kept = new HashSet<>(steps.subList(Math.max(0, steps.size() - rule.keepLast()), steps.size()));
        if (rule.keepBest()) {
            kept.add(bestStep);
        }
        run.checkpoints().keepOnly(kept);
    }
}
