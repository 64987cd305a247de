package dev.upbeat.tensor;

import dev.upbeat.tensor.Kernels.Layout;
import dev.upbeat.tensor.Kernels.Library;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Times single products and one attention on a model's shapes, to choose the {@link Kernels} of this machine. This takes a
 * few seconds, 10 for the largest models. Another choice than that by capability must be clearly faster, so that noise does
 * not decide.
 */
final class KernelTiming {
    /** After this time a choice is made at the end of the round. */
    private static final double SECONDS_EACH = 1;

    /** Share of the time that another choice must save. */
    private static final double CLEARLY = 0.07;

    /** Rows of a product: decoding with a small and a large batch, and a pass over whole sequences. */
    private static final int[] ROWS = {16, 64, 1024};

    /** Sequence length at which attention is timed. */
    private static final int LENGTH = 1024;

    /** Outputs and multiplications of one timed product, so that those of large models stay short. */
    private static final int MOST_OUTPUTS = 4096;

    private static final long MOST_MULTIPLICATIONS = 1_000_000_000;

    private static final int MOST_ROUNDS = 50;

    /** Most difference of sums of 64 products in f32; rounded to bf16 they differ by a hundred times as much. */
    private static final double EXACT = 1e-3;

    private final ModelShape shape;

    private KernelTiming(ModelShape shape) {
        this.shape = shape;
    }

    /** The fastest kernels for a model of this shape. */
    static Kernels choose(ModelShape shape) {
        KernelTiming timing = new KernelTiming(shape);
        try (PointerScope scope = new PointerScope();
                AutoGradMode noGradients = new AutoGradMode(false)) {
            return timing.batched(timing.attention(timing.products(Kernels.byCapability())));
        }
    }

    /** Dtype, library and layout of linear layers. Only a CPU with instructions for bf16 is tried with bf16. */
    private Kernels products(Kernels start) {
        List<Kernels> alternatives = Stream.of(start.products(), Dtype.F32)
                .distinct()
                .map(start::withProducts)
                .flatMap(kernels -> Stream.of(
                        kernels.withLinear(Library.ONEDNN, Layout.PACKED),
                        kernels.withLinear(Library.ONEDNN, Layout.PLAIN),
                        kernels.withLinear(Library.ATEN, Layout.PLAIN)))
                .toList();
        return fastest(alternatives, this::linearLayers);
    }

    private Kernels attention(Kernels start) {
        Kernels other = start.withAttention(start.attention() == Dtype.F32 ? Dtype.BF16 : Dtype.F32);
        return fastest(List.of(start, other), this::flash);
    }

    private Kernels batched(Kernels start) {
        Kernels onednn = start.withBatched(Library.ONEDNN);
        Kernels aten = start.withBatched(Library.ATEN);
        if (Libtorch.threads() == 1 || !exact(onednn)) {
            return aten;
        }
        return fastest(
                start.batched() == Library.ATEN ? List.of(aten, onednn) : List.of(onednn, aten), this::smallProducts);
    }

    /** Whether batches of f32 products are not rounded to bf16. */
    private static boolean exact(Kernels kernels) {
        Tensor x = torch.randn(8, 64, 64);
        Tensor difference = Operators.products(x, x, kernels.batched()).sub(Operators.products(x, x, Library.ATEN));
        return difference.abs().max().item_float() < EXACT;
    }

    /** A part of the work with some kernels. Each of its steps counts equally, whatever it takes. */
    private interface Work {
        List<Runnable> with(Kernels kernels);
    }

    /**
     * The fastest of the alternatives, which are run in turn; the first unless another is clearly faster. One that this
     * CPU refuses is left out.
     */
    private Kernels fastest(List<Kernels> alternatives, Work work) {
        Map<Kernels, List<Runnable>> steps = new LinkedHashMap<>();
        Map<Kernels, double[]> best = new LinkedHashMap<>();
        for (Kernels kernels : alternatives) {
            try {
                List<Runnable> runs = work.with(kernels);
                runs.forEach(Runnable::run); // warms up
                steps.put(kernels, runs);
                best.put(
                        kernels,
                        DoubleStream.generate(() -> Double.POSITIVE_INFINITY)
                                .limit(runs.size())
                                .toArray());
            } catch (RuntimeException e) {
                // oneDNN refuses bf16 where its instructions are masked, whatever the CPU's flags say.
            }
        }
        long start = System.nanoTime();
        for (int round = 0; round == 0 || round < MOST_ROUNDS && since(start) < SECONDS_EACH; round++) {
            steps.forEach((kernels, runs) -> {
                double[] least = Objects.requireNonNull(best.get(kernels));
                for (int s = 0; s < least.length; s++) {
                    least[s] = Math.min(least[s], seconds(runs.get(s)));
                }
            });
        }
        Map.Entry<Kernels, double[]> chosen = best.entrySet().iterator().next();
        double[] first = chosen.getValue();
        for (Map.Entry<Kernels, double[]> other : best.entrySet()) {
            if (ratio(other.getValue(), first) < 1 - CLEARLY && ratio(other.getValue(), chosen.getValue()) < 1) {
                chosen = other;
            }
        }
        return chosen.getKey();
    }

    /** Geometric mean of the ratios. */
    private static double ratio(double[] seconds, double[] other) {
        double sum = 0;
        for (int s = 0; s < seconds.length; s++) {
            sum += Math.log(seconds[s] / other[s]);
        }
        return Math.exp(sum / seconds.length);
    }

    private static double seconds(Runnable step) {
        long start = System.nanoTime();
        step.run();
        return since(start);
    }

    private static double since(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private List<Runnable> linearLayers(Kernels kernels) {
        ScalarType type = kernels.products().scalarType();
        int outputs = Math.min(shape.mlp(), MOST_OUTPUTS);
        Tensor weight = torch.randn(outputs, shape.hidden()).to(type);
        Tensor laidOut = kernels.weights() == Layout.PACKED ? Operators.packed(weight) : weight;
        return Arrays.stream(ROWS)
                .mapToObj(rows -> {
                    long most = MOST_MULTIPLICATIONS / ((long) outputs * shape.hidden());
                    Tensor x = torch.randn(Math.min(rows, most), shape.hidden()).to(type);
                    return scoped(() -> Operators.linear(x, laidOut, null, kernels.linear()));
                })
                .toList();
    }

    private List<Runnable> flash(Kernels kernels) {
        Tensor q = torch.randn(1, shape.heads(), LENGTH, shape.headDim()).to(Dtype.BF16.scalarType());
        Tensor k = torch.randn(1, shape.kvHeads(), LENGTH, shape.headDim()).to(Dtype.BF16.scalarType());
        ScalarType type = kernels.attention().scalarType();
        double scale = 1 / Math.sqrt(shape.headDim());
        return List.of(scoped(() -> Operators.flashAttention(q.to(type), k.to(type), k.to(type), true, null, scale)));
    }

    /** Blocks of 64 rows, each with its window of 192 keys, as the observer multiplies them. */
    private List<Runnable> smallProducts(Kernels kernels) {
        int blocks = LENGTH / 64 * shape.kvHeads();
        Tensor queries = torch.randn(blocks, 64L * shape.heads() / shape.kvHeads(), shape.headDim());
        Tensor keys = torch.randn(blocks, 192, shape.headDim());
        return List.of(scoped(() -> Operators.products(queries, keys, kernels.batched())));
    }

    private static Runnable scoped(Runnable step) {
        return () -> {
            try (PointerScope scope = new PointerScope()) {
                step.run();
            }
        };
    }
}
