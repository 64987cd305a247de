package dev.upbeat.learn;

import dev.upbeat.model.Backward;
import dev.upbeat.model.Gradients;
import dev.upbeat.model.Tape;
import dev.upbeat.model.TokenLoss;
import dev.upbeat.observe.TraceBatch;
import dev.upbeat.tensor.Workers;
import dev.upbeat.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/** Gradient steps of a policy: gradients accumulated over micro-batches, clipping by global norm, AdamW. */
public final class GradientStep implements AutoCloseable {
    private final Policy policy;
    private final Optimization optimization;
    private final AdamW adamW;
    private final Workers workers;
    private final @Nullable Rounding rounding;

    /** Accumulated gradients of each worker; the first are the policy's. */
    private final List<Tensor> sums = new ArrayList<>();

    GradientStep(Policy policy, Optimization optimization) {
        this.policy = policy;
        this.optimization = optimization;
        this.adamW = new AdamW(policy.layout(), optimization.adamW());
        this.workers = policy.decoder().workers();
        this.rounding = policy.savesRounded() ? new Rounding(policy) : null;
        sums.add(policy.weights().gradients());
        while (sums.size() < workers.count()) {
            sums.add(policy.layout().zeros(ScalarType.Float));
        }
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
                traces, optimization.tokensFor(policy.config()), policy.config().ropeScaling(), workers);
        List<TokenLoss> losses = batches.stream().map(lossOf).toList();
        sums.forEach(Tensor::zero_);
        int active = Math.max(1, Math.min(workers.count(), batches.size()));
        workers.run(active, worker -> {
            for (int i = worker; i < batches.size(); i += active) {
                add(batches.get(i), losses.get(i), policy.weights().gradientsIn(sums.get(worker)));
            }
        });
        sums.subList(1, active).forEach(policy.weights().gradients()::add_);
    }

    private void add(TraceBatch batch, TokenLoss loss, Gradients gradients) {
        try (PointerScope scope = new PointerScope();
                Tape tape = new Tape(batch.packing(false), gradients, optimization.checkpointing())) {
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
        sums.subList(1, sums.size()).forEach(Tensor::close);
        adamW.close();
        if (rounding != null) {
            rounding.close();
        }
    }
}
