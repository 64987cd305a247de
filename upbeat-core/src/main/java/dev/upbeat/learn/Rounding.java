package dev.upbeat.learn;

import dev.upbeat.checkpoint.ModelWriter;
import dev.upbeat.tensor.Scoped;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/** Measures the share of a training's update that is lost if checkpoints round the f32 master weights. */
final class Rounding implements AutoCloseable {
    private final Policy policy;

    /** Weights at the start of the training, flat; null if they are unknown. */
    private @Nullable Tensor start;

    /** @param policy before its first step */
    Rounding(Policy policy) {
        this.policy = policy;
        this.start = copy(policy.masters());
    }

    /** A copy in bf16 if that is exact, as for a model stored in bf16, else in f32. */
    private static Tensor copy(Tensor weights) {
        try (PointerScope scope = new PointerScope()) {
            Tensor half = weights.to(ScalarType.BFloat16);
            boolean exact = half.to(ScalarType.Float).equal(weights);
            return Scoped.keep(exact ? half : weights.clone());
        }
    }

    /**
     * Norm of (saved - master) divided by the norm of (master - start), over all weights: 0 if nothing is lost, 1 if the
     * saved weights are those of the start. NaN if the start is unknown or no weight has changed.
     */
    double loss() {
        Tensor from = start;
        if (from == null) {
            return Double.NaN;
        }
        double lost = 0;
        double changed = 0;
        for (String name : policy.layout().names()) {
            try (PointerScope scope = new PointerScope()) {
                Tensor master = policy.weights().master(name);
                Tensor saved = master.to(ModelWriter.type(policy.config())).to(ScalarType.Float);
                lost += square(saved.sub_(master));
                changed += square(master.sub(policy.layout().view(from, name)));
            }
        }
        return Math.sqrt(lost / changed);
    }

    private static double square(Tensor difference) {
        double norm = difference.norm().item_double();
        return norm * norm;
    }

    @Nullable
    Tensor start() {
        return start;
    }

    /** @param saved weights at the start of the training, flat; null if they are unknown. They are copied. */
    void restore(@Nullable Tensor saved) {
        close();
        start = saved == null ? null : copy(saved);
    }

    @Override
    public void close() {
        if (start != null) {
            start.close();
            start = null;
        }
    }
}
