package dev.upbeat.learn;

import dev.upbeat.model.Backward;
import dev.upbeat.model.Dropout;
import dev.upbeat.model.Gradients;
import dev.upbeat.model.Tape;
import dev.upbeat.model.TokenLoss;
import dev.upbeat.observe.TraceBatch;
import dev.upbeat.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.bytedeco.javacpp.PointerScope;
import org.jspecify.annotations.Nullable;

/** Gradient steps of a policy: gradients accumulated over micro-batches, clipping by global norm, AdamW. */
public final class GradientStep implements AutoCloseable {
    private final Policy policy;
    private final Optimization optimization;
    private final AdamW adamW;
    private final GradientSums sums;
    private final @Nullable Rounding rounding;

    GradientStep(Policy policy, Optimization optimization) {
        this.policy = policy;
        this.optimization = optimization;
        this.adamW = new AdamW(policy.layout(), optimization.adamW());
        this.sums = new GradientSums(policy.weights(), policy.decoder().workers());
        this.rounding = policy.savesRounded() ? new Rounding(policy) : null;
    }

    /**
     * Accumulates the gradients of a minibatch. The split into micro-batches does not change the sum, because the loss
     * itself weights each token. The same traces give bit-identical gradients, because the worker of a micro-batch does
     * not depend on timing.
     *
     * @param lossOf returns the loss of a micro-batch, whose tokens come one response after the other; called in the
     *     order of the micro-batches, then each loss is used by one thread
     */
    void accumulate(List<Trace> traces, Function<TraceBatch, TokenLoss> lossOf) {
        List<TraceBatch> batches = TraceBatch.cut(
                traces, optimization.tokensFor(policy.config()), policy.config().ropeScaling(), sums.workers());
        List<TokenLoss> losses = batches.stream().map(lossOf).toList();
        sums.accumulate(
                batches.size(),
                (sum, i) -> add(
                        batches.get(i),
                        losses.get(i),
                        policy.weights().gradientsIn(sum),
                        policy.dropout(adamW.steps(), i)));
    }

    private void add(TraceBatch batch, TokenLoss loss, Gradients gradients, @Nullable Dropout dropout) {
        try (PointerScope scope = new PointerScope();
                Tape tape = new Tape(batch.packing(false), gradients, optimization.checkpointing(), dropout)) {
            Backward.run(loss, policy.trainingDecoder(), tape, batch.temperatures());
        }
    }

    /**
     * Updates the weights with the accumulated gradients.
     *
     * @param loss loss of the minibatch, which must be finite
     * @return norm of the gradients before clipping
     * @throws DivergedException if loss or norm is not finite; the weights are unchanged
     */
    double apply(double loss) {
        double norm = policy.weights().gradientNorm();
        double learningRate = learningRate();
        if (!Double.isFinite(loss) || !Double.isFinite(norm)) {
            throw new DivergedException(adamW.steps(), loss, norm, learningRate);
        }
        policy.weights().clipGradients(norm, optimization.clip());
        adamW.step(policy.masters(), policy.weights().gradients(), learningRate);
        policy.weights().round();
        return norm;
    }

    /** Learning rate of the next step. */
    double learningRate() {
        return optimization.schedule().at(adamW.steps());
    }

    /** Number of gradient steps taken. */
    public long steps() {
        return adamW.steps();
    }

    /**
     * Share of the training's update that a checkpoint loses by rounding the master weights: norm of (saved - master) divided
     * by norm of (master - start). Empty if checkpoints hold the master weights themselves, NaN if the weights at the start
     * are unknown or nothing has changed.
     */
    public OptionalDouble roundingLoss() {
        return rounding == null ? OptionalDouble.empty() : OptionalDouble.of(rounding.loss());
    }

    /** Saves the state that is needed, besides the policy's checkpoint, to continue with bit-identical results. */
    public void save(Path directory) throws IOException {
        LearnerState.save(directory, policy, adamW, rounding);
    }

    /**
     * Restores a saved state. The policy must be loaded from the checkpoint saved with it.
     *
     * @throws dev.upbeat.io.BadInputException if the state is missing, damaged or of another model
     */
    public void load(Path directory) {
        LearnerState.load(directory, policy, adamW, rounding);
    }

    @Override
    public void close() {
        sums.close();
        adamW.close();
        if (rounding != null) {
            rounding.close();
        }
    }
}
