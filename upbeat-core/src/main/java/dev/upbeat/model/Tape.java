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
 * Forward pass that is recorded for a backward pass. Operations with weights are differentiated here, with oneDNN's
 * products on all threads and fewer passes over memory than libtorch's autograd needs. Autograd differentiates the
 * operations between them, such as attention. Each recorded value is a leaf of the autograd graph, so no part of that
 * graph is traversed twice.
 *
 * <p>A tape serves one forward and one backward pass over one packing. Not safe for use by several threads at once.
 */
public final class Tape implements Pass, AutoCloseable {
    private final Gradients gradients;
    private final boolean checkpointLayers;
    private final @Nullable Dropout dropout;
    private final PaddedLayout layout;
    private final Deque<Step> steps = new ArrayDeque<>();
    private @Nullable Tensor embeddingGradient;

    /**
     * @param gradients of the weights
     * @param checkpointLayers activation checkpointing: each layer keeps only its input and runs again in the backward
     *     pass, which takes a third more time and the memory of one layer
     */
    public Tape(Packing packing, Gradients gradients, boolean checkpointLayers) {
        this(packing, gradients, checkpointLayers, null);
    }

    /**
     * As {@link #Tape(Packing, Gradients, boolean)}, with dropout.
     *
     * @param dropout of the inputs of low-rank updates; null for none
     */
    public Tape(Packing packing, Gradients gradients, boolean checkpointLayers, @Nullable Dropout dropout) {
        this(PaddedLayout.of(packing), gradients, checkpointLayers, dropout);
    }

    private Tape(PaddedLayout layout, Gradients gradients, boolean checkpointLayers, @Nullable Dropout dropout) {
        this.layout = layout;
        this.gradients = gradients;
        this.checkpointLayers = checkpointLayers;
        this.dropout = dropout;
    }

    private record Step(Tensor value, List<Tensor> saved, Consumer<Tensor> backward) {
        void close() {
            value.close();
            saved.forEach(Tensor::close);
        }
    }

    Packing packing() {
        return layout.packing();
    }

    /**
     * Runs the backward pass: adds to the gradients of the weights and frees the recorded values.
     *
     * @param output result of the forward pass
     * @param gradient of the loss with respect to the output, of the same shape
     */
    public void backward(Tensor output, Tensor gradient) {
        propagate(output, gradient);
        try (AutoGradMode noGrad = new AutoGradMode(false)) {
            while (!steps.isEmpty()) {
                Step step = steps.pop();
                try (PointerScope scope = new PointerScope()) {
                    Tensor gradientOfValue = new Tensor(step.value.grad());
                    if (gradientOfValue.defined()) {
                        step.backward.accept(gradientOfValue);
                    }
                } finally {
                    step.close();
                }
            }
        }
    }

    /** Gradient of the loss with respect to the token embeddings, f32, [1, U, E]; available after the backward pass. */
    public Tensor embeddingGradient() {
        if (embeddingGradient == null) {
            throw new IllegalStateException("the backward pass has not run yet");
        }
        return embeddingGradient;
    }

    Gradients gradients() {
        return gradients;
    }

    @Override
    public Tensor embed(Tensor embedding, Tensor ids) {
        Tensor rows = withoutGradients(() -> torch.embedding(embedding, ids).to(ScalarType.Float));
        return record(
                rows,
                gradient -> {
                    embeddingGradient = Scoped.keep(new Tensor(gradient));
                    Tensor sum = gradients.of(embedding);
                    if (sum != null) {
                        sum.index_add_(0, ids.flatten(), gradient.flatten(0, 1));
                    }
                },
                ids);
    }

    @Override
    public Tensor linear(Tensor x, Linear linear) {
        return record(
                withoutGradients(() -> linear.apply(x.detach(), dropout)),
                gradient -> linearBackward(x, linear, gradient),
                x);
    }

    @Override
    public Tensor addLinear(Tensor x, Tensor y, Linear linear) {
        Tensor sum = withoutGradients(() -> x.detach().add(linear.apply(y.detach(), dropout)));
        return record(
                sum,
                gradient -> {
                    linearBackward(y, linear, gradient);
                    propagate(x, gradient);
                },
                x,
                y);
    }

    @Override
    public Tensor gated(Tensor x, Linear gate, Linear up) {
        Tensor gateX = withoutGradients(() -> gate.apply(x.detach(), dropout));
        Tensor upX = withoutGradients(() -> up.apply(x.detach(), dropout));
        return record(
                withoutGradients(() -> torch.silu(gateX).mul_(upX)),
                gradient -> {
                    linearBackward(x, up, gradient.mul(torch.silu(gateX)));
                    linearBackward(x, gate, torch.silu_backward(gradient.mul(upX), gateX));
                },
                x,
                gateX,
                upX);
    }

    /** RMSNorm y = w x r with r = (mean(x^2) + epsilon)^(-1/2) has the gradient dx = r (w dy - x r mean(w dy x r)). */
    @Override
    public Tensor norm(Tensor x, Tensor weight, double epsilon) {
        Tensor value = withoutGradients(() -> torch.rms_norm(
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
                withoutGradients(() -> angles.rotate(x.detach()).to(type)),
                gradient -> propagate(x, angles.reversed().rotate(gradient.to(ScalarType.Float))),
                x);
    }

    @Override
    public Tensor toPadded(Tensor x) {
        if (layout.tokenOfSlot() == null) {
            return layout.toPadded(x);
        }
        return record(
                withoutGradients(() -> layout.toPadded(x.detach())),
                gradient -> {
                    Tensor packed = layout.toPacked(gradient.flatten(2, 3)).view_as(x);
                    for (Packing.PromptGroup group : layout.packing().groups()) {
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
    public Tensor toPacked(Tensor x) {
        Tensor ownerOfSlot = layout.ownerOfSlot();
        if (ownerOfSlot == null) {
            return layout.toPacked(x);
        }
        return record(
                withoutGradients(() -> layout.toPacked(x.detach())),
                gradient -> {
                    Tensor none = Tensors.zeros(gradient.scalar_type(), 1, gradient.size(2));
                    Tensor all = torch.cat(new TensorVector(gradient.select(0, 0), none), 0);
                    propagate(x, all.index_select(0, ownerOfSlot).view_as(x));
                },
                x);
    }

    @Override
    public Tensor layer(Tensor x, Layer layer) {
        if (!checkpointLayers) {
            return layer.run(this, x);
        }
        Tensor output = withoutGradients(() -> {
            try (Tape discarded = new Tape(layout, gradients, false, dropout)) {
                return layer.run(discarded, x.detach()).detach();
            }
        });
        return record(
                output,
                gradient -> {
                    try (Tape again = new Tape(layout, gradients, false, dropout);
                            AutoGradMode grad = new AutoGradMode(true)) {
                        Tensor input = x.detach();
                        input.set_requires_grad(true);
                        again.backward(layer.run(again, input), gradient);
                        propagate(x, new Tensor(input.grad()));
                    }
                },
                x);
    }

    /** Backward pass of {@code linear(x)}: adds to the gradients of weight and bias, and propagates to x. */
    private void linearBackward(Tensor x, Linear linear, Tensor gradient) {
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
        Tensor inputGradient = linear.inputGradient(rows);
        if (!linear.updates().isEmpty()) {
            Tensor input = LowRank.wide(x.detach().flatten(0, 1));
            Tensor outputGradient = LowRank.wide(gradient.flatten(0, 1));
            for (Linear.Update part : linear.updates()) {
                // oneDNN is some hundred times slower if an operand is a view of a part of each row.
                Tensor own = part.of(outputGradient).contiguous();
                inputGradient.add_(part.update().backward(input, own, gradients, dropout));
            }
        }
        propagate(x, inputGradient.view_as(x));
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

    private static Tensor withoutGradients(Supplier<Tensor> body) {
        try (AutoGradMode noGrad = new AutoGradMode(false)) {
            return Scoped.call(body);
        }
    }

    /** Frees the recorded values that the backward pass has not freed. */
    @Override
    public void close() {
        steps.forEach(Step::close);
        steps.clear();
        if (embeddingGradient != null) {
            embeddingGradient.close();
            embeddingGradient = null;
        }
    }
}
