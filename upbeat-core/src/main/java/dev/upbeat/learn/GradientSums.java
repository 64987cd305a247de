package dev.upbeat.learn;

import dev.upbeat.tensor.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ObjIntConsumer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Adds up the gradients of micro-batches, which run in parallel for a small model. */
final class GradientSums implements AutoCloseable {
    private final MasterWeights weights;
    private final Workers workers;

    /** Gradients of each worker, flat; the first are those of the weights. */
    private final List<Tensor> sums = new ArrayList<>();

    GradientSums(MasterWeights weights, Workers workers) {
        this.weights = weights;
        this.workers = workers;
        sums.add(weights.gradients());
        while (sums.size() < workers.count()) {
            sums.add(weights.layout().zeros(ScalarType.Float));
        }
    }

    Workers workers() {
        return workers;
    }

    /**
     * Replaces the gradients of the weights by the sum over the micro-batches. Bit-identical whenever the micro-batches are
     * the same, because the worker of a micro-batch does not depend on timing.
     *
     * @param batches number of micro-batches
     * @param add adds the gradients of a micro-batch, given by its number, to flat gradients; called on several threads
     */
    void accumulate(int batches, ObjIntConsumer<Tensor> add) {
        sums.forEach(Tensor::zero_);
        int active = Math.max(1, Math.min(workers.count(), batches));
        workers.run(active, worker -> {
            for (int i = worker; i < batches; i += active) {
                add.accept(sums.get(worker), i);
            }
        });
        sums.subList(1, active).forEach(weights.gradients()::add_);
    }

    @Override
    public void close() {
        sums.subList(1, sums.size()).forEach(Tensor::close);
    }
}
