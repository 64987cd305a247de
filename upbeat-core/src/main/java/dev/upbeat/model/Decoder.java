package dev.upbeat.model;

import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.checkpoint.WeightSource;
import dev.upbeat.tensor.Dtype;
import dev.upbeat.tensor.Operators;
import dev.upbeat.tensor.Scoped;
import dev.upbeat.tensor.Tensors;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * A decoder-only transformer: Llama, Qwen2, Qwen3 or Mistral by configuration. Matrix products run in the weights' dtype;
 * the residual stream, norms, rotation and softmax in f32.
 *
 * <p>Batches are padded on the right: causal attention never looks there, so padding changes no result.
 */
public final class Decoder implements AutoCloseable {
    private final ModelConfig config;
    private final Dtype dtype;
    private final Weights weights;
    private final Rope rope;
    private final AttentionPrecision precision;

    private Decoder(ModelConfig config, Dtype dtype, Weights weights) {
        this.config = config;
        this.dtype = dtype;
        this.weights = weights;
        this.rope = new Rope(config);
        this.precision = AttentionPrecision.of(dtype);
    }

    /** The source's mapped files must stay open as long as the decoder is used. */
    public static Decoder load(ModelConfig config, WeightSource source, Dtype dtype) {
        return new Decoder(config, dtype, Weights.load(config, source, dtype));
    }

    public ModelConfig config() {
        return config;
    }

    public Dtype dtype() {
        return dtype;
    }

    /** The projection to the vocabulary, [V, E]. */
    Linear head() {
        return weights.head();
    }

    /** Scores over the vocabulary: hidden states [.., E] to logits [.., V] in f32. */
    public Tensor logits(Tensor hidden) {
        return weights.head().apply(hidden).to(ScalarType.Float);
    }

    /**
     * Runs whole sequences.
     *
     * @param ids int64, [B, N], padded on the right by any valid id
     * @param tap shown each wanted layer's attention; null for none
     * @param cache filled with the keys and values; null for none
     * @return hidden states after the last norm, f32, [B, N, E]; the state at n predicts token n + 1
     */
    public Tensor forward(Tensor ids, @Nullable AttentionTap tap, @Nullable KvCache cache) {
        return Scoped.call(() -> {
            Rope.Angles angles = angles((int) ids.size(1));
            return run(ids, Inference.PASS, (layer, q, k, v) -> attend(layer, q, k, v, angles, tap, cache));
        });
    }

    /**
     * Runs packed sequences and records the pass for its gradients. The scope around the call must stay open until the tape
     * has been walked back: layers may run again on the way.
     *
     * @param tape of the packing, new
     * @return hidden states after the last norm, f32, [U, E]
     */
    public Tensor forward(Tape tape) {
        Rope.Angles angles = angles(tape.packing().longest());
        return run(tape.packing().ids(), tape, (layer, q, k, v) -> attend(layer, q, k, v, angles, null, null));
    }

    private Rope.Angles angles(int n) {
        return rope.angles(IntStream.range(0, n).toArray(), 1, 1, n, config.headDim() / 2);
    }

    /**
     * Runs one more token of each sequence of the cache.
     *
     * @param ids int64, [B, 1]
     * @return hidden states after the last norm, f32, [B, 1, E]
     */
    public Tensor step(Tensor ids, KvCache cache) {
        return Scoped.call(() -> {
            int[] positions = cache.nextPositions();
            Rope.Angles angles = rope.angles(positions, positions.length, 1, 1, config.headDim() / 2);
            KvCache.Step step = cache.beginStep();
            return run(ids, Inference.PASS, (layer, q, k, v) -> {
                Tensor rotatedQ = precision.round(Rope.rotate(q, angles, config.headDim(), scale()));
                Tensor rotatedK = precision.round(Rope.rotate(k, angles, config.headDim(), 1));
                return step.attend(
                        layer, rotatedQ, rotatedK, v, config.slidingWindows().get(layer));
            });
        });
    }

    /** Mixes the tokens of a layer: q [B, H, N, D], k and v [B, K, N, D], f32, to [B, H, N, D]. */
    private interface Mixer {
        Tensor mix(int layer, Tensor q, Tensor k, Tensor v);
    }

    private Tensor run(Tensor ids, Pass pass, Mixer mixer) {
        Tensor x = pass.embed(weights.embedding(), ids);
        for (int l = 0; l < config.layers(); l++) {
            int number = l;
            x = pass.layer(x, (run, input) -> layer(number, input, run, mixer));
        }
        return pass.norm(x, weights.finalNorm(), config.rmsNormEps());
    }

    private Tensor layer(int l, Tensor x, Pass pass, Mixer mixer) {
        return Scoped.call(() -> {
            Weights.Layer w = weights.layers().get(l);
            double epsilon = config.rmsNormEps();

            // Attention: norm, project, (norm heads), mix, project, add
            Tensor h = pass.norm(x, w.attentionNorm(), epsilon).to(dtype.scalarType());
            Tensor q = heads(pass.spread(pass.linear(h, w.q())), config.heads());
            Tensor k = heads(pass.spread(pass.linear(h, w.k())), config.kvHeads());
            Tensor v = heads(pass.spread(pass.linear(h, w.v())), config.kvHeads());
            if (w.qNorm() != null && w.kNorm() != null) {
                q = pass.norm(q, w.qNorm(), epsilon);
                k = pass.norm(k, w.kNorm(), epsilon);
            }
            Tensor mixed = mixer.mix(l, q, k, v).to(dtype.scalarType());
            Tensor merged = pass.pack(mixed.transpose(1, 2).flatten(2, 3));
            Tensor attended = pass.plusLinear(x, merged, w.o());

            // MLP: norm, gate and up, SiLU, down, add
            Tensor m = pass.norm(attended, w.mlpNorm(), epsilon).to(dtype.scalarType());
            return pass.plusLinear(attended, pass.gated(m, w.gate(), w.up()), w.down());
        });
    }

    private Tensor attend(
            int l,
            Tensor q,
            Tensor k,
            Tensor v,
            Rope.Angles angles,
            @Nullable AttentionTap tap,
            @Nullable KvCache cache) {
        int d = config.headDim();
        boolean tapped = tap != null && tap.wants(l);
        // Two more value columns carry the key's position, so that E_t[s] comes out beside the values.
        long width = tapped ? d + PositionColumns.WIDTH : d;
        Tensor rotatedQ = precision.round(Rope.rotate(q, angles, width, scale()));
        Tensor rotatedK = precision.round(Rope.rotate(k, angles, width, 1));
        Tensor values = tapped ? PositionColumns.append(v) : v;
        Operators.Flash flash = Attention.causal(
                precision.compute(rotatedQ),
                precision.compute(rotatedK),
                precision.compute(values),
                config.slidingWindows().get(l));
        if (cache != null) {
            cache.fill(l, tapped ? Tensors.slice(rotatedK, 3, 0, d) : rotatedK, v);
        }
        if (!tapped || tap == null) {
            return flash.output();
        }
        int window = config.slidingWindows().get(l) == 0
                ? Integer.MAX_VALUE
                : config.slidingWindows().get(l);
        Tensor meanKey = PositionColumns.read(flash.output(), d);
        tap.see(l, new AttentionTap.Seen(rotatedQ, rotatedK, flash.lse(), meanKey, window));
        return Tensors.slice(flash.output(), 3, 0, d);
    }

    /** [B, N, heads D] to f32 [B, heads, N, D]. */
    private Tensor heads(Tensor x, int heads) {
        return x.view(x.size(0), x.size(1), heads, config.headDim())
                .transpose(1, 2)
                .to(ScalarType.Float);
    }

    private double scale() {
        return 1 / Math.sqrt(config.headDim());
    }

    @Override
    public void close() {
        weights.close();
    }
}
