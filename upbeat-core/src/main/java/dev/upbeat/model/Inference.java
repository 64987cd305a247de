package dev.upbeat.model;

import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/** A pass for its results alone. */
final class Inference implements Pass {
    /** Over batches padded on the right. */
    static final Inference PADDED = new Inference(null);

    private final @Nullable PaddedLayout places;

    /** @param places of the packing; null where tokens are rows of a batch already */
    Inference(@Nullable PaddedLayout places) {
        this.places = places;
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
        return up.times(x, gate.silu(x));
    }

    @Override
    public Tensor plusLinear(Tensor x, Tensor y, Linear linear) {
        Tensor added = linear.apply(y);
        return GradMode.is_enabled()
                ? x.add(added)
                : x.add_(added); // without gradients nobody looks at the old x again
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
    public Tensor spread(Tensor x) {
        return places == null ? x : places.spread(x);
    }

    @Override
    public Tensor pack(Tensor x) {
        return places == null ? x : places.pack(x);
    }

    @Override
    public Tensor layer(Tensor x, Layer layer) {
        return layer.run(this, x);
    }
}
