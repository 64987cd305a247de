package dev.upbeat.learn;

import dev.upbeat.model.Backward;
import dev.upbeat.model.Gradients;
import dev.upbeat.model.Tape;
import dev.upbeat.model.TokenLoss;
import dev.upbeat.observe.TraceBatch;
import dev.upbeat.tensor.Scoped;
import dev.upbeat.tensor.Workers;
import dev.upbeat.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Steps of gradient descent on a policy: gradients by micro-batches, clipped by their global norm, AdamW. */
final class GradientStep implements AutoCloseable {
    private final Policy policy;
    private final Optimization optimization;
    private final AdamW adamW;
    private final Workers workers;

    /** Where each worker adds up its gradients: the first the policy's own. */
    private final List<Tensor> sums = new ArrayList<>();

    GradientStep(Policy policy, Optimization optimization) {
        this.policy = policy;
        this.optimization = optimization;
        this.adamW = new AdamW(policy.layout(), optimization.adamW());
        this.workers = policy.decoder().workers();
        sums.add(policy.flatGradients());
        while (sums.size() < workers.count()) {
            sums.add(policy.layout().zeros(ScalarType.Float));
        }
    }

    /**
     * Adds up the gradients of a minibatch. However it is cut, the sum is the same, for the loss says itself what each
     * token counts. The same traces give the same bits: which worker a micro-batch belongs to does not depend on who is
     * faster.
     *
     * @param lossOf the loss of a micro-batch's tokens, one response after the other; asked in the micro-batches'
     *     order, then used by one thread each
     */
    void accumulate(List<Trace> traces, Function<TraceBatch, TokenLoss> lossOf) {
        List<TraceBatch> batches = TraceBatch.cut(
                traces, optimization.tokensFor(policy.config()), policy.config().ropeScaling(), workers);
        List<TokenLoss> losses = batches.stream().map(lossOf).toList();
        sums.forEach(Tensor::zero_);
        int used = Math.max(1, Math.min(workers.count(), batches.size()));
        workers.run(used, worker -> {
            for (int i = worker; i < batches.size(); i += used) {
                add(batches.get(i), losses.get(i), policy.gradients(sums.get(worker)));
            }
        });
        sums.subList(1, used).forEach(policy.flatGradients()::add_);
    }

    private void add(TraceBatch batch, TokenLoss loss, Gradients gradients) {
        try (PointerScope scope = new PointerScope();
                Tape tape = new Tape(batch.packing(false), gradients, optimization.checkpointing())) {
            Backward.run(loss, policy.learning(), tape, batch.temperatures());
        }
    }

    /**
     * Moves the weights by the gradients that were added up.
     *
     * @param loss the minibatch's, for the message where it is no number
     * @return the gradients' norm before clipping
     * @throws DivergedException where loss or norm is not finite; nothing was moved
     */
    double apply(double loss) {
        double norm = norm();
        double learningRate = learningRate();
        if (!Double.isFinite(loss) || !Double.isFinite(norm)) {
            throw new DivergedException(adamW.steps(), loss, norm, learningRate);
        }
        if (norm > optimization.clip()) {
            Scoped.run(() -> policy.flatGradients().mul_(new Scalar(optimization.clip() / (norm + 1e-6))));
        }
        adamW.step(policy.masters(), policy.flatGradients(), learningRate);
        policy.round();
        return norm;
    }

    private double norm() {
        try (PointerScope scope = new PointerScope()) {
            return policy.flatGradients().norm().item_double();
        }
    }

    /** Of the next step. */
    double learningRate() {
        return optimization.schedule().at(adamW.steps());
    }

    /** Gradient steps taken. */
    long steps() {
        return adamW.steps();
    }

    /** @see LearnerState */
    void save(Path directory) throws IOException {
        LearnerState.save(directory, policy, adamW);
    }

    /** @see LearnerState */
    void load(Path directory) {
        LearnerState.load(directory, policy, adamW);
    }

    @Override
    public void close() {
        sums.subList(1, sums.size()).forEach(Tensor::close);
        adamW.close();
    }
}
