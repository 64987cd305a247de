package dev.upbeat.tensor;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.CompilationUnit;
import org.bytedeco.pytorch.Context;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.QualifiedName;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.Float32Backend;
import org.bytedeco.pytorch.global.torch.Float32Op;
import org.bytedeco.pytorch.global.torch.Float32Precision;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * libtorch operators without a Java binding, called by name through the dispatcher. Only {@link #flashAttention}
 * supports autograd.
 */
public final class Operators {
    private static final OperatorHandle FLASH = operator("aten::_scaled_dot_product_flash_attention_for_cpu", "");
    private static final OperatorHandle LINEAR = operator("mkldnn::_linear_pointwise", "");
    private static final OperatorHandle LINEAR_WITH = operator("mkldnn::_linear_pointwise", "binary");

    private static final OperatorHandle ADAMW = operator("aten::_fused_adamw_", "");
    private static final OperatorHandle PACK = operator("mkldnn::_reorder_linear_weight", "");
    private static final OperatorHandle INT8_PACK = operator("onednn::qlinear_prepack", "");
    private static final OperatorHandle INT8_LINEAR = operator("onednn::qlinear_pointwise", "");

    /** Number of input rows for which packed weights are laid out; other numbers work too. */
    private static final int PACKED_ROWS = 64;

    /** TorchScript functions that make lists of types that have no Java binding. */
    private static final CompilationUnit LISTS;

    /** An empty {@code Scalar?[]}. */
    private static final IValue NO_SCALARS;

    static {
        String source = "def none() -> List[Optional[number]]:\n    x: List[Optional[number]] = []\n    return x\n"
                + "def no_tensors() -> List[Tensor]:\n    x: List[Tensor] = []\n    return x\n"
                + "def of(x: Tensor) -> List[Tensor]:\n    return [x]\n";
        try (PointerScope scope = new PointerScope()) {
            LISTS = Scoped.keep(torch.compile(source));
            NO_SCALARS = Scoped.keep(list("none"));
        }
    }

    private Operators() {}

    /** Never freed: this class may be loaded inside the scope of any caller. */
    private static OperatorHandle operator(String name, String overload) {
        return Scoped.keep(Dispatcher.singleton().findSchemaOrThrow(name, overload));
    }

    /**
     * Attention output and logsumexp.
     *
     * @param output softmax(scale q k^T + mask) v, [B, H, N, D]
     * @param lse logsumexp of each row's scores, nats, f32, [B, H, N]
     */
    public record AttentionResult(Tensor output, Tensor lse) {}

    /**
     * Attention in O(N) memory: flash attention on the CPU, or {@link BlockAttention}.
     *
     * @param q [B, H, N, D]
     * @param k [B, K, S, D], K divides H
     * @param v [B, K, S, D]
     * @param causal whether query i attends to keys 0..i only; needs N == S
     * @param mask added to the scores, broadcast to [B, H, N, S]; null for none
     * @param scale factor of the scores
     */
    public static AttentionResult flashAttention(
            Tensor q, Tensor k, Tensor v, boolean causal, @Nullable Tensor mask, double scale) {
        if (Kernels.current().scores() == Kernels.Scores.BLOCKS) {
            return BlockAttention.of(q, k, v, causal, mask, scale);
        }
        PointerScope outer = Scoped.callerScope();
        try (PointerScope scope = new PointerScope()) {
            IValueVector stack = new IValueVector(
                    new IValue(q),
                    new IValue(k),
                    new IValue(v),
                    new IValue(0.0),
                    new IValue(causal),
                    optional(mask),
                    new IValue(scale));
            FLASH.callBoxed(stack);
            return new AttentionResult(result(stack, 0, outer), result(stack, 1, outer));
        }
    }

    /**
     * {@code x weight^T + bias} by oneDNN on all threads: f32 in full precision, bf16 with f32 accumulation.
     * (libtorch's own linear uses OpenBLAS for f32, which must run on one thread beside OpenMP, and takes twice as long
     * for single rows of bf16.)
     *
     * @param x [.., I]
     * @param weight [O, I], of x's dtype, plain or {@link #packed}
     * @param bias [O], or null
     * @return [.., O]
     */
    public static Tensor linear(Tensor x, Tensor weight, @Nullable Tensor bias) {
        return linear(x, weight, bias, Kernels.current().linear());
    }

    /**
     * A copy of a weight in the layout that oneDNN multiplies fastest: a third faster with few rows. Only the linear
     * functions of this class accept it.
     *
     * @param weight [O, I]
     */
    public static Tensor packed(Tensor weight) {
        PointerScope outer = Scoped.callerScope();
        try (PointerScope scope = new PointerScope()) {
            IValueVector stack = new IValueVector(new IValue(weight), new IValue(PACKED_ROWS));
            PACK.callBoxed(stack);
            return result(stack, 0, outer);
        }
    }

    /** An int8 weight [O, I] in the layout of {@link #int8Linear}. */
    static Tensor packedInt8(Tensor weight) {
        PointerScope outer = Scoped.callerScope();
        try (PointerScope scope = new PointerScope()) {
            IValueVector stack = new IValueVector(new IValue(weight), new IValue());
            INT8_PACK.callBoxed(stack);
            return result(stack, 0, outer);
        }
    }

    /**
     * Product of unsigned 8-bit activations and a packed int8 weight, with sums in int32; f32, [N, O].
     *
     * @param x [N, I]
     * @param scale of one step of x
     * @param zeroPoint of x
     * @param weight of {@link #packedInt8}
     * @param scales of the weight's outputs, f32, [O]
     * @param zeroPoints of the weight's outputs, [O]
     */
    static Tensor int8Linear(Tensor x, double scale, long zeroPoint, Tensor weight, Tensor scales, Tensor zeroPoints) {
        PointerScope outer = Scoped.callerScope();
        try (PointerScope scope = new PointerScope()) {
            IValueVector stack = new IValueVector(
                    new IValue(x),
                    new IValue(scale),
                    new IValue(zeroPoint),
                    new IValue(weight),
                    new IValue(scales),
                    new IValue(zeroPoints),
                    new IValue(),
                    new IValue(1.0),
                    new IValue(0L),
                    new IValue((long) ScalarType.Float.value),
                    new IValue("none"),
                    NO_SCALARS,
                    new IValue(""));
            INT8_LINEAR.callBoxed(stack);
            return result(stack, 0, outer);
        }
    }

    /** SiLU of {@link #linear}, rounded once. */
    public static Tensor linearSilu(Tensor x, Tensor weight, @Nullable Tensor bias) {
        return plainLinear()
                ? torch.silu(linear(x, weight, bias, Kernels.Library.ATEN))
                : linear(x, weight, bias, "swish");
    }

    /** {@link #linear(Tensor, Tensor, Tensor)} by the given library. */
    static Tensor linear(Tensor x, Tensor weight, @Nullable Tensor bias, Kernels.Library library) {
        return library == Kernels.Library.ONEDNN
                ? linear(x, weight, bias, "none")
                : bias == null ? torch.linear(x, weight) : torch.linear(x, weight, new TensorOptional(bias));
    }

    private static boolean plainLinear() {
        return Kernels.current().linear() == Kernels.Library.ATEN;
    }

    private static Tensor linear(Tensor x, Tensor weight, @Nullable Tensor bias, String activation) {
        PointerScope outer = Scoped.callerScope();
        try (PointerScope scope = new PointerScope()) {
            IValueVector stack = new IValueVector(
                    new IValue(x),
                    new IValue(weight),
                    optional(bias),
                    new IValue(activation),
                    NO_SCALARS,
                    new IValue(""));
            LINEAR.callBoxed(stack);
            return result(stack, 0, outer);
        }
    }

    /**
     * {@link #linear} times {@code factor}, rounded once.
     *
     * @param factor [.., O]
     */
    public static Tensor linearTimes(Tensor x, Tensor weight, @Nullable Tensor bias, Tensor factor) {
        if (plainLinear()) {
            return linear(x, weight, bias, Kernels.Library.ATEN).mul(factor);
        }
        PointerScope outer = Scoped.callerScope();
        try (PointerScope scope = new PointerScope()) {
            IValueVector stack = new IValueVector(
                    new IValue(x), new IValue(factor), new IValue(weight), optional(bias), new IValue("mul"));
            LINEAR_WITH.callBoxed(stack);
            return result(stack, 0, outer);
        }
    }

    /**
     * {@code x_i y_i^T} for every i, f32 in full precision. By default libtorch computes a batch of f32 products one by
     * one with OpenBLAS, on one thread. If rounding to bf16 is allowed, it uses oneDNN on all threads, and oneDNN
     * rounds only on a CPU with bf16 tiles. So this method may allow rounding on CPUs without them. The setting is global
     * to the process, so tasks of {@link Workers}, which run in parallel on one thread each, must not change it; on one
     * thread OpenBLAS does as well.
     *
     * @param x [B, M, I]
     * @param y [B, N, I]
     * @return [B, M, N]
     */
    public static Tensor products(Tensor x, Tensor y) {
        return products(
                x,
                y,
                Libtorch.threads() == 1
                        ? Kernels.Library.ATEN
                        : Kernels.current().batched());
    }

    static Tensor products(Tensor x, Tensor y, Kernels.Library library) {
        Tensor columns = y.transpose(1, 2);
        if (library == Kernels.Library.ATEN) {
            return torch.bmm(x, columns);
        }
        Context context = torch.globalContext();
        Float32Precision before = context.float32Precision(Float32Backend.MKLDNN, Float32Op.MATMUL);
        context.setFloat32Precision(Float32Backend.MKLDNN, Float32Op.MATMUL, Float32Precision.BF16);
        try {
            return torch.bmm(x, columns);
        } finally {
            context.setFloat32Precision(Float32Backend.MKLDNN, Float32Op.MATMUL, before);
        }
    }

    /**
     * Gradient of the loss with respect to the weight of {@link #linear}: {@code gradient^T x}.
     *
     * @param gradient of the loss with respect to the result, [N, O]
     * @param x [N, I], of the same dtype
     * @return [O, I]
     */
    public static Tensor weightGradient(Tensor gradient, Tensor x) {
        if (x.scalar_type().intern() != ScalarType.Float || plainLinear()) {
            return gradient.t().mm(x);
        }
        // libtorch would use OpenBLAS for f32. linear() copies its first operand: pass the narrower one first.
        return gradient.size(1) <= x.size(1)
                ? linear(gradient.t(), x.t(), null)
                : linear(x.t(), gradient.t(), null).t();
    }

    /**
     * One step of AdamW in place, in one pass over memory, on all threads.
     *
     * @param step number of this step, starting at 1
     */
    public static void adamW(
            Tensor weights,
            Tensor gradients,
            Tensor firstMoments,
            Tensor secondMoments,
            long step,
            double learningRate,
            double beta1,
            double beta2,
            double weightDecay,
            double epsilon) {
        try (PointerScope scope = new PointerScope()) {
            IValueVector stack = new IValueVector(
                    list("of", new IValue(weights)),
                    list("of", new IValue(gradients)),
                    list("of", new IValue(firstMoments)),
                    list("of", new IValue(secondMoments)),
                    list("no_tensors"),
                    list("of", new IValue(Tensors.of(new float[] {step}))),
                    new IValue(learningRate),
                    new IValue(beta1),
                    new IValue(beta2),
                    new IValue(weightDecay),
                    new IValue(epsilon),
                    new IValue(false),
                    new IValue(false),
                    new IValue(),
                    new IValue());
            ADAMW.callBoxed(stack);
        }
    }

    private static IValue list(String function, IValue... arguments) {
        return LISTS.get_function(new QualifiedName(function)).apply(new IValueVector(arguments));
    }

    private static IValue optional(@Nullable Tensor tensor) {
        return tensor == null ? new IValue() : new IValue(tensor);
    }

    /** A new handle to a result: {@link IValue#toTensor()} returns a reference into the stack, which is freed. */
    private static Tensor result(IValueVector stack, long index, PointerScope outer) {
        Tensor tensor = new Tensor(stack.get(index).toTensor());
        outer.attach(tensor);
        return tensor;
    }
}
