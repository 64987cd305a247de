package dev.upbeat.model;

import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.checkpoint.WeightSource;
import dev.upbeat.tensor.Dtype;
import dev.upbeat.tensor.Operators;
import dev.upbeat.tensor.Scoped;
import dev.upbeat.tensor.Tensors;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
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
            Rope.Angles angles = angles(ids.size(1));
            Tensor x = embed(ids);
            for (int l = 0; l < config.layers(); l++) {
                x = layer(l, x, angles, (layer, heads) -> attend(layer, heads, tap));
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
            Rope.Angles angles = angles(ids.size(1));
            int top = config.layers() - 1;
            Tensor x = embed(ids);
            for (int l = 0; l < top; l++) {
                x = layer(l, x, angles, (layer, heads) -> {
                    cache.fill(layer, firstRow, heads.k(), heads.v());
                    return attend(layer, heads, null);
                });
            }
            // Of the last layer nothing else is ever looked at.
            Heads heads = heads(x, weights.layers().get(top), angles);
            cache.fill(top, firstRow, heads.k(), heads.v());
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
            Rope.Angles angles = rope.angles(positions, positions.length, 1);
            KvCache.Step step = cache.beginStep();
            Tensor x = embed(ids);
            for (int l = 0; l < config.layers(); l++) {
                x = layer(l, x, angles, (layer, heads) -> step.attend(layer, heads, scale()));
            }
            return norm(x, weights.finalNorm());
        });
    }

    private Rope.Angles angles(long n) {
        return rope.angles(IntStream.range(0, (int) n).toArray(), 1, n);
    }

    private Tensor embed(Tensor ids) {
        return torch.embedding(weights.embedding(), ids).to(ScalarType.Float);
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

    private Tensor layer(int l, Tensor x, Rope.Angles angles, Mixer mixer) {
        Weights.Layer w = weights.layers().get(l);

        // Attention: heads, mix, project, add
        Tensor attended = Scoped.call(() -> {
            Tensor mixed = mixer.mix(l, heads(x, w, angles)).to(dtype.scalarType());
            Tensor merged = mixed.transpose(1, 2).reshape(x.size(0), x.size(1), -1);
            return add(x, w.o().apply(merged));
        });

        // MLP: norm, gate and up, SiLU, down, add
        return Scoped.call(() -> {
            Tensor m = norm(attended, w.mlpNorm()).to(dtype.scalarType());
            Tensor gated = w.up().times(m, w.gate().silu(m));
            return add(attended, w.down().apply(gated));
        });
    }

    /** Norm, project, (norm heads), rotate; queries and keys are rounded once, after the rotation. */
    private Heads heads(Tensor x, Weights.Layer w, Rope.Angles angles) {
        long h = config.heads();
        long k = config.kvHeads();
        Tensor projected = project(norm(x, w.attentionNorm()).to(dtype.scalarType()), w.qkv())
                .view(x.size(0), x.size(1), h + 2 * k, config.headDim());
        Tensor qk = projected.narrow(2, 0, h + k).to(ScalarType.Float);
        if (w.qNorm() != null && w.kNorm() != null) {
            Tensor q = norm(qk.narrow(2, 0, h), w.qNorm());
            qk = torch.cat(new TensorVector(q, norm(qk.narrow(2, h, k), w.kNorm())), 2);
        }
        Tensor rotated = angles.rotate(qk).to(dtype.scalarType()).transpose(1, 2);
        Tensor v = projected.narrow(2, h + k, k).transpose(1, 2);
        return new Heads(rotated.narrow(1, 0, h), rotated.narrow(1, h, k), v);
    }

    /** The outputs of all parts side by side. */
    private static Tensor project(Tensor x, List<Linear> parts) {
        if (parts.size() == 1) {
            return parts.get(0).apply(x);
        }
        return torch.cat(
                new TensorVector(parts.stream().map(part -> part.apply(x)).toArray(Tensor[]::new)), -1);
    }

    /** Without gradients nobody looks at the old x again. */
    private static Tensor add(Tensor x, Tensor y) {
        return GradMode.is_enabled() ? x.add(y) : x.add_(y);
    }

    private Tensor attend(int l, Heads heads, @Nullable AttentionTap tap) {
        int window = config.slidingWindows().get(l);
        if (tap == null || !tap.wants(l)) {
            return attention(heads.q(), heads.k(), heads.v(), window).output();
        }
        // More value columns carry the key's position, so that E_t[s] comes out beside the values.
        Tensor q = PositionColumns.pad(heads.q());
        Tensor k = PositionColumns.pad(heads.k());
        Operators.Flash flash = attention(q, k, PositionColumns.append(heads.v()), window);
        Tensor meanKey = PositionColumns.read(flash.output(), config.headDim());
        q.mul_(new Scalar(scale()));
        tap.see(l, new AttentionTap.Seen(q, k, flash.lse(), meanKey, window == 0 ? Integer.MAX_VALUE : window));
        return Tensors.slice(flash.output(), 3, 0, config.headDim());
    }

    private Operators.Flash attention(Tensor q, Tensor k, Tensor v, int window) {
        return Attention.causal(q.to(attentionType), k.to(attentionType), v.to(attentionType), window, scale());
    }

    private double scale() {
        return 1 / Math.sqrt(config.headDim());
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
