package dev.upbeat.learn;

import dev.upbeat.model.Gradients;
import dev.upbeat.tensor.Dtype;
import dev.upbeat.tensor.Scoped;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Trained weights, each as one flat tensor: f32 masters, which the optimiser updates; a rounded copy if the decoder
 * computes in bf16; gradients, f32.
 */
final class MasterWeights implements AutoCloseable {
    private final FlatWeights layout;
    private final Tensor masters;
    private final Tensor rounded;
    private final Tensor gradients;

    /**
     * Weights and gradients of 0.
     *
     * @param compute dtype of the decoder's weights
     */
    MasterWeights(FlatWeights layout, Dtype compute) {
        this.layout = layout;
        this.masters = layout.zeros(ScalarType.Float);
        this.gradients = layout.zeros(ScalarType.Float);
        this.rounded = compute == Dtype.F32 ? masters : layout.zeros(compute.scalarType());
    }

    FlatWeights layout() {
        return layout;
    }

    /** Flat, f32. After a change in place, {@link #round} must be called. */
    Tensor masters() {
        return masters;
    }

    /** Flat, f32, in the layout of the masters. */
    Tensor gradients() {
        return gradients;
    }

    Tensor master(String name) {
        return layout.view(masters, name);
    }

    Tensor gradient(String name) {
        return layout.view(gradients, name);
    }

    /** View of a weight for a decoder, which reads norms in f32 and matrices in its own dtype. */
    Tensor view(String name, Dtype dtype) {
        return layout.view(dtype == Dtype.F32 ? masters : rounded, name);
    }

    /** Updates the rounded copy. */
    void round() {
        if (rounded != masters) {
            Scoped.run(() -> rounded.copy_(masters));
        }
    }

    /**
     * Maps views of these weights to their views in flat gradients, and other tensors, which are not trained, to null.
     *
     * @param sums f32, flat
     */
    Gradients gradientsIn(Tensor sums) {
        return weight -> {
            if (weight.is_mkldnn()) { // a packed weight of a frozen base; it has no address
                return null;
            }
            Tensor flat = weight.scalar_type().intern() == ScalarType.Float ? masters : rounded;
            long bytes = weight.data_ptr().address() - flat.data_ptr().address();
            if (bytes < 0 || bytes >= flat.nbytes()) {
                return null;
            }
            return sums.narrow(0, bytes / weight.element_size(), weight.numel()).view_as(weight);
        };
    }

    /** Global norm of the gradients. */
    double gradientNorm() {
        try (PointerScope scope = new PointerScope()) {
            return gradients.norm().item_double();
        }
    }

    /** Scales the gradients to a global norm of {@code limit} if their norm is larger. */
    void clipGradients(double norm, double limit) {
        if (norm > limit) {
            Scoped.run(() -> gradients.mul_(new Scalar(limit / (norm + 1e-6))));
        }
    }

    @Override
    public void close() {
        masters.close();
        gradients.close();
        if (rounded != masters) {
            rounded.close();
        }
    }
}
