package dev.upbeat.model;

import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.checkpoint.WeightSource;
import dev.upbeat.tensor.Dtype;
import dev.upbeat.tensor.Operators;
import dev.upbeat.tensor.Scoped;
import dev.upbeat.tensor.Tensors;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
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
    private final Weights weights;
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

    public ModelConfig config() {
        return config;
    }

    public Dtype dtype() {
        return dtype;
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
     * @return hidden states after the last norm, f32, [B, N, E]; the state at n predicts token n + 1
     */
    public Tensor forward(Tensor ids, @Nullable AttentionTap tap) {
        return Scoped.call(() -> {
            Turns turns = turns(ids.size(1));
            Tensor x = embed(ids);
            for (int l = 0; l < config.layers(); l++) {
                x = layer(l, x, turns, (layer, q, k, v) -> attend(layer, q, k, v, tap));
            }
            return norm(x, weights.finalNorm());
        });
    }

    /**
     * Runs the tokens before those of the first {@link #step}, for their keys and values.
     *
     * @param ids int64, [b, N], padded on the right by any valid id
     * @param firstRow row of the cache that ids begin at; the next b rows are filled
     */
    public void prefill(Tensor ids, KvCache cache, int firstRow) {
        Scoped.run(() -> {
            Turns turns = turns(ids.size(1));
            int top = config.layers() - 1;
            Tensor x = embed(ids);
            for (int l = 0; l < top; l++) {
                x = layer(l, x, turns, (layer, q, k, v) -> {
                    cache.fill(layer, firstRow, k, v);
                    return attend(layer, q, k, v, null);
                });
            }
            // Of the last layer nothing else is ever looked at.
            Weights.Layer w = weights.layers().get(top);
            Tensor h = norm(x, w.attentionNorm()).to(dtype.scalarType());
            cache.fill(top, firstRow, keys(w, h, turns), values(w, h));
        });
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
            Turns turns = turns(rope.angles(positions, positions.length, 1));
            KvCache.Step step = cache.beginStep();
            Tensor x = embed(ids);
            for (int l = 0; l < config.layers(); l++) {
                x = layer(
                        l,
                        x,
                        turns,
                        (layer, q, k, v) -> step.attend(
                                layer, q, k, v, config.slidingWindows().get(layer)));
            }
            return norm(x, weights.finalNorm());
        });
    }

    /** The rotation of a pass; that of queries carries the scale of the scores too. */
    private record Turns(Rope.Angles queries, Rope.Angles keys) {}

    private Turns turns(long n) {
        return turns(rope.angles(IntStream.range(0, (int) n).toArray(), 1, n));
    }

    private Turns turns(Rope.Angles angles) {
        return new Turns(angles.times(1 / Math.sqrt(config.headDim())), angles);
    }

    /** Mixes the tokens of a layer: q [B, H, N, D], k and v [B, K, N, D], to [B, H, N, D]. */
    private interface Mixer {
        Tensor mix(int layer, Tensor q, Tensor k, Tensor v);
    }

    private Tensor embed(Tensor ids) {
        return torch.embedding(weights.embedding(), ids).to(ScalarType.Float);
    }

    private Tensor layer(int l, Tensor x, Turns turns, Mixer mixer) {
        Weights.Layer w = weights.layers().get(l);

        // Attention: norm, project, (norm heads), rotate, mix, project, add
        Tensor attended = Scoped.call(() -> {
            Tensor h = norm(x, w.attentionNorm()).to(dtype.scalarType());
            Tensor mixed = mixer.mix(l, queries(w, h, turns), keys(w, h, turns), values(w, h));
            Tensor merged = mixed.to(dtype.scalarType()).transpose(1, 2).reshape(x.size(0), x.size(1), -1);
            return add(x, w.o().apply(merged));
        });

        // MLP: norm, gate and up, SiLU, down, add
        return Scoped.call(() -> {
            Tensor m = norm(attended, w.mlpNorm()).to(dtype.scalarType());
            Tensor gated = w.up().times(m, w.gate().silu(m));
            return add(attended, w.down().apply(gated));
        });
    }

    /** Without gradients nobody looks at the old x again. */
    private static Tensor add(Tensor x, Tensor y) {
        return GradMode.is_enabled() ? x.add(y) : x.add_(y);
    }

    private Tensor queries(Weights.Layer w, Tensor h, Turns turns) {
        return turned(w.q().apply(h), config.heads(), w.qNorm(), turns.queries());
    }

    private Tensor keys(Weights.Layer w, Tensor h, Turns turns) {
        return turned(w.k().apply(h), config.kvHeads(), w.kNorm(), turns.keys());
    }

    private Tensor values(Weights.Layer w, Tensor h) {
        return heads(w.v().apply(h), config.kvHeads()).transpose(1, 2);
    }

    /** Normed where the model does so and rotated in f32, then rounded to the dtype: [B, N, heads D] to [B, heads, N, D]. */
    private Tensor turned(Tensor x, int heads, @Nullable Tensor headNorm, Rope.Angles angles) {
        Tensor exact = heads(x, heads).to(ScalarType.Float);
        Tensor normed = headNorm == null ? exact : norm(exact, headNorm);
        return angles.rotate(normed).to(dtype.scalarType()).transpose(1, 2);
    }

    /** [B, N, heads D] to [B, N, heads, D]. */
    private Tensor heads(Tensor x, int heads) {
        return x.view(x.size(0), x.size(1), heads, config.headDim());
    }

    private Tensor attend(int l, Tensor q, Tensor k, Tensor v, @Nullable AttentionTap tap) {
        int window = config.slidingWindows().get(l);
        if (tap == null || !tap.wants(l)) {
            return attention(q, k, v, window).output();
        }
        // More value columns carry the key's position, so that E_t[s] comes out beside the values.
        Tensor wideQ = PositionColumns.pad(q);
        Tensor wideK = PositionColumns.pad(k);
        Operators.Flash flash = attention(wideQ, wideK, PositionColumns.append(v), window);
        Tensor meanKey = PositionColumns.read(flash.output(), config.headDim());
        tap.see(l, new AttentionTap.Seen(wideQ, wideK, flash.lse(), meanKey, window == 0 ? Integer.MAX_VALUE : window));
        return Tensors.slice(flash.output(), 3, 0, config.headDim());
    }

    private Operators.Flash attention(Tensor q, Tensor k, Tensor v, int window) {
        return Attention.causal(q.to(attentionType), k.to(attentionType), v.to(attentionType), window);
    }

    private Tensor norm(Tensor x, Tensor weight) {
        return torch.rms_norm(
                x, new long[] {x.size(-1)}, new TensorOptional(weight), new DoubleOptional(config.rmsNormEps()));
    }

    @Override
    public void close() {
        weights.close();
    }
}
