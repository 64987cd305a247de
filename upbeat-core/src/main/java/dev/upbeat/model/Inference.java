package dev.upbeat.model;

import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/** Forward pass without recording. */
final class Inference implements Pass {
    /** Forward pass over batches padded on the right. */
    static final Inference PADDED = new Inference(null);

    private final @Nullable PaddedLayout layout;

    /** @param layout of the packed sequences; null for a padded batch */
    Inference(@Nullable PaddedLayout layout) {
        this.layout = layout;
    }

    @Override
    public Tensor embed(Tensor embedding, Tensor ids) {
        return torch.embedding(embedding, ids).to(ScalarType.Float);
    }

    @Override
    public Tensor linear(Tensor x, Linear linear) {
        return linear.apply(x);
    }

    @Override
    public Tensor gated(Tensor x, Linear gate, Linear up) {
        return Linear.gated(x, gate, up);
    }

    @Override
    public Tensor addLinear(Tensor x, Tensor y, Linear linear) {
        Tensor added = linear.apply(y);
        return GradMode.is_enabled() ? x.add(added) : x.add_(added); // without autograd x is not needed again
    }

    @Override
    public Tensor norm(Tensor x, Tensor weight, double epsilon) {
        return torch.rms_norm(x, new long[] {x.size(-1)}, new TensorOptional(weight), new DoubleOptional(epsilon));
    }

    @Override
    public Tensor rotate(Tensor x, Rope.Angles angles, ScalarType type) {
        return angles.rotate(x).to(type);
    }

    @Override
    public Tensor toPadded(Tensor x) {
        return layout == null ? x : layout.toPadded(x);
    }

    @Override
    public Tensor toPacked(Tensor x) {
        return layout == null ? x : layout.toPacked(x);
    }

    @Override
    public Tensor layer(Tensor x, Layer layer) {
        return layer.run(this, x);
    }
}
