package dev.upbeat.train;

import dev.upbeat.learn.DivergedException;
import dev.upbeat.learn.SupervisedLearner;
import dev.upbeat.model.NotFiniteException;
import dev.upbeat.store.TrainingRun;
import dev.upbeat.trace.Trace;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Supervised training: each step takes a batch of traces, makes one gradient step and writes one line of metrics. */
final class SupervisedTrainer implements TrainingLoop {
    private final SupervisedData data;
    private final SupervisedLearner learner;
    private final RunKeeper keeper;
    private final TrainingRun run;
    private final long validationEvery;
    private Timer clock = new Timer();

    /**
     * @param run receives the traces of a step that diverged
     * @param validationEvery number of steps between two validation losses; 0 for none
     */
    SupervisedTrainer(
            SupervisedData data, SupervisedLearner learner, RunKeeper keeper, TrainingRun run, long validationEvery) {
        this.data = data;
        this.learner = learner;
        this.keeper = keeper;
        this.run = run;
        this.validationEvery = validationEvery;
    }

    @Override
    public long train(long done, long steps, BooleanSupplier stop) throws IOException {
        clock = new Timer();
        long step = done;
        for (; step < steps && !stop.getAsBoolean(); step++) {
            List<Trace> batch = data.batch(step);
            try {
                record(step + 1, learner.update(batch), validates(step + 1, steps));
            } catch (DivergedException | NotFiniteException e) {
                throw TrainingLoop.diverged(step + 1, e, run.failedTraces(step + 1, batch));
            }
        }
        return step;
    }

    private boolean validates(long step, long steps) {
        return validationEvery > 0 && (step % validationEvery == 0 || step == steps);
    }

    private void record(long step, SupervisedLearner.Stats update, boolean validates) throws IOException {
        double seconds = clock.seconds();
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("step", step);
        line.put("loss", update.loss());
        line.put("grad_norm", update.gradientNorm());
        line.put("learning_rate", update.learningRate());
        if (validates) {
            line.put("eval/loss", learner.validationLoss(data.validation()));
        }
        line.put("time/step_s", seconds);
        line.put("tokens_per_s", update.tokens() / seconds);
        keeper.keep(line);
        clock = new Timer();
    }
}
