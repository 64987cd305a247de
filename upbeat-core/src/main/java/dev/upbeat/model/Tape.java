package dev.upbeat.model;

import dev.upbeat.tensor.Operators;
import dev.upbeat.tensor.Scoped;
import dev.upbeat.tensor.Tensors;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * A pass that is recorded for its gradients. What has weights is differentiated here, by oneDNN's products on all threads
 * and in fewer visits of memory than libtorch's own graph would take; the stretches between (heads, rotation, attention)
 * are left to that graph. Each recorded value is a leaf of it, so that no stretch is walked twice.
 *
 * <p>Serves one forward and one backward pass over one packing. Not safe for use by several threads.
 */
public final class Tape implements Pass, AutoCloseable {
    private final Gradients gradients;
    private final boolean checkpointed;
    private final PaddedLayout places;
    private final Deque<Step> steps = new ArrayDeque<>();
    private @Nullable Tensor inputGradient;

    /**
     * @param gradients of the weights
     * @param checkpointed whether each layer keeps nothing but its input and runs again on the way back: a third more time,
     *     memory of one layer
     */
    public Tape(Packing packing, Gradients gradients, boolean checkpointed) {
        this(PaddedLayout.of(packing), gradients, checkpointed);
    }

    private Tape(PaddedLayout places, Gradients gradients, boolean checkpointed) {
        this.places = places;
        this.gradients = gradients;
        this.checkpointed = checkpointed;
    }

    private record Step(Tensor value, List<Tensor> saved, Consumer<Tensor> backward) {
        void close() {
            value.close();
            saved.forEach(Tensor::close);
        }
    }

    Packing packing() {
        return places.packing();
    }

    /**
     * Walks back from the last recorded value, adds to the weights' gradients and frees what was recorded.
     *
     * @param output what the forward pass gave
     * @param gradient of the loss by it, of its shape
     */
    public void backward(Tensor output, Tensor gradient) {
        propagate(output, gradient);
        try (AutoGradMode noGrad = new AutoGradMode(false)) {
            while (!steps.isEmpty()) {
                Step step = steps.pop();
                try (PointerScope scope = new PointerScope()) {
                    Tensor arrived = new Tensor(step.value.grad());
                    if (arrived.defined()) {
                        step.backward.accept(arrived);
                    }
                } finally {
                    step.close();
                }
            }
        }
    }

    /** Gradient of the loss by the embedded tokens, f32, [1, U, E]; known after the way back. */
    public Tensor inputGradient() {
        if (inputGradient == null) {
            throw new IllegalStateException("the pass has not been walked back");
        }
        return inputGradient;
    }

    Gradients gradients() {
        return gradients;
    }

    @Override
    public Tensor embed(Tensor embedding, Tensor ids) {
        Tensor rows = quietly(() -> torch.embedding(embedding, ids).to(ScalarType.Float));
        return record(
                rows,
                gradient -> {
                    inputGradient = Scoped.keep(new Tensor(gradient));
                    Tensor sum = gradients.of(embedding);
                    if (sum != null) {
                        sum.index_add_(0, ids.flatten(), gradient.flatten(0, 1));
                    }
                },
                ids);
    }

    @Override
    public Tensor linear(Tensor x, Linear linear) {
        return record(quietly(() -> linear.apply(x.detach())), gradient -> back(x, linear, gradient), x);
    }

    @Override
    public Tensor plusLinear(Tensor x, Tensor y, Linear linear) {
        Tensor sum = quietly(() -> x.detach().add(linear.apply(y.detach())));
        return record(
                sum,
                gradient -> {
                    back(y, linear, gradient);
                    propagate(x, gradient);
                },
                x,
                y);
    }

    @Override
    public Tensor gated(Tensor x, Linear gate, Linear up) {
        Tensor gateX = quietly(() -> gate.apply(x.detach()));
        Tensor upX = quietly(() -> up.apply(x.detach()));
        return record(
                quietly(() -> torch.silu(gateX).mul_(upX)),
                gradient -> {
                    back(x, up, gradient.mul(torch.silu(gateX)));
                    back(x, gate, torch.silu_backward(gradient.mul(upX), gateX));
                },
                x,
                gateX,
                upX);
    }

    /** y = w x r with r = (mean(x^2) + epsilon)^(-1/2): dx = r (w dy - x r mean(w dy x r)). */
    @Override
    public Tensor norm(Tensor x, Tensor weight, double epsilon) {
        Tensor value = quietly(() -> torch.rms_norm(
                x.detach(), new long[] {x.size(-1)}, new TensorOptional(weight), new DoubleOptional(epsilon)));
        return record(
                value,
                gradient -> {
                    Tensor plain = x.detach();
                    long[] last = {-1};
                    Tensor r = plain.square()
                            .mean(last, true, new ScalarTypeOptional())
                            .add_(new Scalar(epsilon))
                            .rsqrt_();
                    Tensor unit = plain.mul(r);
                    Tensor sum = gradients.of(weight);
                    if (sum != null) {
                        sum.add_(gradient.mul(unit).flatten(0, -2).sum(0));
                    }
                    Tensor weighted = gradient.mul(weight);
                    Tensor along = weighted.mul(unit).mean(last, true, new ScalarTypeOptional());
                    propagate(x, weighted.sub_(unit.mul_(along)).mul_(r));
                },
                x);
    }

    @Override
    public Tensor rotate(Tensor x, Rope.Angles angles, ScalarType type) {
        return record(
                quietly(() -> angles.rotate(x.detach()).to(type)),
                gradient -> propagate(x, angles.reversed().rotate(gradient.to(ScalarType.Float))),
                x);
    }

    @Override
    public Tensor spread(Tensor x) {
        if (places.tokenOfPlace() == null) {
            return places.spread(x);
        }
        return record(
                quietly(() -> places.spread(x.detach())),
                gradient -> {
                    Tensor packed = places.pack(gradient.flatten(2, 3)).view_as(x);
                    for (Packing.Shared group : places.packing().shared()) {
                        if (group.rows() > 1) {
                            Tensor others = gradient.narrow(0, group.row() + 1L, group.rows() - 1L)
                                    .narrow(1, 0, group.prompt())
                                    .sum(0);
                            packed.narrow(1, group.start(), group.prompt()).add_(others);
                        }
                    }
                    propagate(x, packed);
                },
                x);
    }

    @Override
    public Tensor pack(Tensor x) {
        Tensor ownerOfPlace = places.ownerOfPlace();
        if (ownerOfPlace == null) {
            return places.pack(x);
        }
        return record(
                quietly(() -> places.pack(x.detach())),
                gradient -> {
                    Tensor none = Tensors.zeros(gradient.scalar_type(), 1, gradient.size(2));
                    Tensor all = torch.cat(new TensorVector(gradient.select(0, 0), none), 0);
                    propagate(x, all.index_select(0, ownerOfPlace).view_as(x));
                },
                x);
    }

    @Override
    public Tensor layer(Tensor x, Layer layer) {
        if (!checkpointed) {
            return layer.run(this, x);
        }
        Tensor output = quietly(() -> {
            try (Tape forgotten = new Tape(places, gradients, false)) {
                return layer.run(forgotten, x.detach()).detach();
            }
        });
        return record(
                output,
                gradient -> {
                    try (Tape again = new Tape(places, gradients, false);
                            AutoGradMode grad = new AutoGradMode(true)) {
                        Tensor input = x.detach();
                        input.set_requires_grad(true);
                        again.backward(layer.run(again, input), gradient);
                        propagate(x, new Tensor(input.grad()));
                    }
                },
                x);
    }

    /** Gradients of {@code linear(x)}: of the weights, and of x by way of its graph. */
    private void back(Tensor x, Linear linear, Tensor gradient) {
        Tensor rows = gradient.flatten(0, 1).to(linear.weight().scalar_type());
        Tensor bias = linear.bias();
        Tensor weightSum = gradients.of(linear.weight());
        if (weightSum != null) {
            weightSum.add_(Operators.weightGradient(rows, x.detach().flatten(0, 1)));
        }
        Tensor biasSum = bias == null ? null : gradients.of(bias);
        if (biasSum != null) {
            biasSum.add_(gradient.flatten(0, 1).to(ScalarType.Float).sum(0));
        }
        propagate(x, linear.back(rows).view_as(x));
    }

    private static void propagate(Tensor x, Tensor gradient) {
        x.backward(gradient.to(x.scalar_type()), new BoolOptional(), false, new TensorArrayRefOptional());
    }

    private Tensor record(Tensor value, Consumer<Tensor> backward, Tensor... saved) {
        value.set_requires_grad(true);
        for (Tensor tensor : saved) {
            Scoped.keep(tensor);
        }
        steps.push(new Step(Scoped.keep(value), List.of(saved), backward));
        return value;
    }

    private static Tensor quietly(Supplier<Tensor> body) {
        try (AutoGradMode noGrad = new AutoGradMode(false)) {
            return Scoped.call(body);
        }
    }

    /** Frees what was recorded and not walked back. */
    @Override
    public void close() {
        steps.forEach(Step::close);
        steps.clear();
        if (inputGradient != null) {
            inputGradient.close();
            inputGradient = null;
        }
    }
}
