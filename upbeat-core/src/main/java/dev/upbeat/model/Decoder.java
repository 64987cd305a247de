package dev.upbeat.model;

import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.checkpoint.WeightShapes;
import dev.upbeat.checkpoint.WeightSource;
import dev.upbeat.tensor.Dtype;
import dev.upbeat.tensor.LayerAttention;
import dev.upbeat.tensor.Operators;
import dev.upbeat.tensor.Scoped;
import dev.upbeat.tensor.Tensors;
import dev.upbeat.tensor.Workers;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
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
    private Weights weights;
    private final Rope rope;
    private final ScalarType attentionType;

    private Decoder(ModelConfig config, Dtype dtype, Weights weights) {
        this.config = config;
        this.dtype = dtype;
        this.weights = weights;
        this.rope = new Rope(config);
        this.attentionType = AttentionPrecision.of(dtype);
    }

    /** The source's mapped files must stay open as long as the decoder is used. */
    public static Decoder load(ModelConfig config, WeightSource source, Dtype dtype) {
        return new Decoder(config, dtype, Weights.load(config, source, dtype));
    }

    /** Goes on with other weights of the same shapes, which must stay open likewise. */
    public void reload(WeightSource source) {
        Weights old = weights;
        weights = Weights.load(config, source, dtype);
        old.close();
    }

    public ModelConfig config() {
        return config;
    }

    public Dtype dtype() {
        return dtype;
    }

    /** Where independent batches of this model run side by side. */
    public Workers lanes() {
        return Workers.forModel(WeightShapes.count(config));
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
     * @param ids int64, [B, N], padded on the right by any valid id; with dynamic rotary scaling every row is N long
     * @param tap shown each wanted layer's attention; null for none
     * @return hidden states after the last norm, f32, [B, N, E]; the state at n predicts token n + 1
     */
    public Tensor forward(Tensor ids, @Nullable AttentionHook tap) {
        return Scoped.call(() -> {
            int length = (int) ids.size(1);
            Rope.Angles angles = angles(length, new int[] {length});
            return run(ids, angles, Inference.PADDED, (layer, heads) -> attend(layer, heads, tap));
        });
    }

    /**
     * Runs packed sequences.
     *
     * @param tap shown each wanted layer's attention as that of a batch [B, N]; null for none
     * @return hidden states after the last norm, f32, [1, U, E]
     */
    public Tensor forward(Packing packing, @Nullable AttentionHook tap) {
        return Scoped.call(() -> run(
                packing.ids(),
                angles(packing),
                new Inference(PaddedLayout.of(packing)),
                (layer, heads) -> attend(layer, heads, tap)));
    }

    /**
     * Runs packed sequences and records the pass for its gradients. The scope around the call must stay open until the tape
     * has been walked back: layers may run again on the way.
     *
     * @param tape of the packing, new
     * @return hidden states after the last norm, f32, [1, U, E]
     */
    public Tensor forward(Tape tape) {
        Packing packing = tape.packing();
        Rope.Angles angles = angles(packing);
        // Flash attention in bf16 has a slow way back even where its way there is fast.
        return run(packing.ids(), angles, tape, (layer, heads) -> attention(heads, layer, ScalarType.Float)
                .output());
    }

    /**
     * Runs the tokens before those of the first {@link #step}, for their keys and values. With dynamic rotary scaling they
     * turn as in a sequence that ends with the first step's token, and keep that when the sequence grows, as in
     * transformers.
     *
     * @param ids int64, [b, N], padded on the right by any valid id
     * @param copies neighbouring rows of the cache that begin with each, [b]
     * @param firstRow row of the cache that the first begins
     */
    public void prefill(Tensor ids, int[] copies, KvCache cache, int firstRow) {
        Scoped.run(() -> {
            Rope.Angles angles = angles((int) ids.size(1), cache.firstStretches(firstRow, copies));
            int top = config.layers() - 1;
            Tensor x = Inference.PADDED.embed(weights.embedding(), ids);
            for (int l = 0; l < top; l++) {
                x = layer(l, x, angles, Inference.PADDED, (layer, heads) -> {
                    cache.fill(layer, firstRow, copies, heads.k(), heads.v());
                    return attend(layer, heads, null);
                });
            }
            // Of the last layer nothing else is ever looked at.
            Heads heads = heads(x, weights.layers().get(top), angles, Inference.PADDED);
            cache.fill(top, firstRow, copies, heads.k(), heads.v());
        });
    }

    /**
     * Runs one more token of each sequence of the cache. With dynamic rotary scaling it turns as the last of its sequence.
     *
     * @param ids int64, [B, 1]
     * @return hidden states after the last norm, f32, [B, 1, E]
     */
    public Tensor step(Tensor ids, KvCache cache) {
        return Scoped.call(() -> {
            int[] positions = cache.nextPositions();
            int[] lengths =
                    Arrays.stream(positions).map(position -> position + 1).toArray();
            Rope.Angles angles = rope.angles(positions, lengths, positions.length, 1);
            KvCache.Step step = cache.beginStep();
            return run(ids, angles, Inference.PADDED, (layer, heads) -> step.attend(layer, heads, scale()));
        });
    }

    private Tensor run(Tensor ids, Rope.Angles angles, Pass pass, Mixer mixer) {
        Tensor x = pass.embed(weights.embedding(), ids);
        for (int l = 0; l < config.layers(); l++) {
            int number = l;
            x = pass.layer(x, (run, input) -> layer(number, input, angles, run, mixer));
        }
        return pass.norm(x, weights.finalNorm(), config.rmsNormEps());
    }

    private Rope.Angles angles(Packing packing) {
        return rope.angles(packing.positions(), packing.stretches(), 1, packing.size());
    }

    /** Of positions 0 to n - 1 in sequences of these lengths. */
    private Rope.Angles angles(int n, int[] lengths) {
        int alikeUpTo = config.ropeScaling().alikeUpTo();
        int[] distinct = Arrays.stream(lengths).allMatch(length -> length <= alikeUpTo) ? new int[] {1} : lengths;
        int[] positions = new int[distinct.length * n];
        int[] stretches = new int[distinct.length * n];
        for (int p = 0; p < positions.length; p++) {
            positions[p] = p % n;
            stretches[p] = distinct[p / n];
        }
        return rope.angles(positions, stretches, distinct.length, n);
    }

    /**
     * What attention mixes, in the decoder's dtype.
     *
     * @param q [B, H, N, D]
     * @param k [B, K, N, D]
     * @param v [B, K, N, D]
     */
    record Heads(Tensor q, Tensor k, Tensor v) {}

    /** Mixes the tokens of a layer: to [B, H, N, D]. */
    private interface Mixer {
        Tensor mix(int layer, Heads heads);
    }

    private Tensor layer(int l, Tensor x, Rope.Angles angles, Pass pass, Mixer mixer) {
        Weights.Layer w = weights.layers().get(l);

        // Attention: heads, mix, project, add
        Tensor attended = Scoped.call(() -> {
            Tensor mixed = mixer.mix(l, heads(x, w, angles, pass)).to(dtype.scalarType());
            Tensor merged = pass.pack(mixed.transpose(1, 2).flatten(2, 3));
            return pass.plusLinear(x, merged, w.o());
        });

        // MLP: norm, gate and up, SiLU, down, add
        return Scoped.call(() -> {
            Tensor m = pass.norm(attended, w.mlpNorm(), config.rmsNormEps()).to(dtype.scalarType());
            return pass.plusLinear(attended, pass.gated(m, w.gate(), w.up()), w.down());
        });
    }

    /** Norm, project, (norm heads), rotate; queries and keys are rounded once, after the rotation. */
    private Heads heads(Tensor x, Weights.Layer w, Rope.Angles angles, Pass pass) {
        long h = config.heads();
        long k = config.kvHeads();
        double epsilon = config.rmsNormEps();
        Tensor normed = pass.norm(x, w.attentionNorm(), epsilon).to(dtype.scalarType());
        Tensor projected = project(normed, w.qkv(), pass).view(x.size(0), x.size(1), h + 2 * k, config.headDim());
        Tensor qk = projected.narrow(2, 0, h + k).to(ScalarType.Float);
        if (w.qNorm() != null && w.kNorm() != null) {
            Tensor q = pass.norm(qk.narrow(2, 0, h), w.qNorm(), epsilon);
            qk = torch.cat(new TensorVector(q, pass.norm(qk.narrow(2, h, k), w.kNorm(), epsilon)), 2);
        }
        Tensor rotated =
                pass.spread(pass.rotate(qk, angles, dtype.scalarType())).transpose(1, 2);
        Tensor v = pass.spread(projected.narrow(2, h + k, k)).transpose(1, 2);
        return new Heads(rotated.narrow(1, 0, h), rotated.narrow(1, h, k), v);
    }

    /** The outputs of all parts side by side. */
    private static Tensor project(Tensor x, List<Linear> parts, Pass pass) {
        if (parts.size() == 1) {
            return pass.linear(x, parts.get(0));
        }
        return torch.cat(
                new TensorVector(
                        parts.stream().map(part -> pass.linear(x, part)).toArray(Tensor[]::new)),
                -1);
    }

    private Tensor attend(int l, Heads heads, @Nullable AttentionHook tap) {
        int window = config.slidingWindows().get(l);
        if (tap == null || !tap.wants(l)) {
            return attention(heads, l, attentionType).output();
        }
        // More value columns carry the key's position, so that E_t[s] comes out beside the values.
        Tensor q = PositionColumns.pad(heads.q());
        Tensor k = PositionColumns.pad(heads.k());
        Operators.Flash flash = attention(new Heads(q, k, PositionColumns.append(heads.v())), l, attentionType);
        Tensor meanKey = PositionColumns.read(flash.output(), config.headDim());
        int seen = window == 0 ? Integer.MAX_VALUE : window;
        tap.see(l, new LayerAttention(q, k, scale(), flash.lse(), meanKey, seen));
        return Tensors.slice(flash.output(), 3, 0, config.headDim());
    }

    private Operators.Flash attention(Heads heads, int l, ScalarType type) {
        return Attention.causal(
                heads.q().to(type),
                heads.k().to(type),
                heads.v().to(type),
                config.slidingWindows().get(l),
                scale());
    }

    private double scale() {
        return 1 / Math.sqrt(config.headDim());
    }

    @Override
    public void close() {
        weights.close();
    }
}
