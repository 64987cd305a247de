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
     * @return hidden states after the last norm, f32, [B, N, E]; the state at n predicts token n + 1
     */
    public Tensor forward(Tensor ids, @Nullable AttentionTap tap) {
        return Scoped.call(() -> run(
                ids,
                Inference.PASS,
                turns(ids.size(1)),
                (layer, q, k, v) -> attend(layer, q, k, v, attentionType, tap)));
    }

    /**
     * Runs packed sequences and records the pass for its gradients.
     *
     * @param tape of the packing, new
     * @return hidden states after the last norm, f32, [U, E]
     */
    public Tensor forward(Tape tape) {
        // In f32 on every CPU: flash attention's way back is ten times slower in bf16, tiles or not.
        return Scoped.call(() -> run(
                tape.packing().ids(),
                tape,
                turns(tape.packing().longest()),
                (layer, q, k, v) -> attend(layer, q, k, v, ScalarType.Float, null)));
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
            Tensor x = Inference.PASS.embed(weights.embedding(), ids);
            for (int l = 0; l < top; l++) {
                x = layer(l, x, Inference.PASS, turns, (layer, q, k, v) -> {
                    cache.fill(layer, firstRow, k, v);
                    return attend(layer, q, k, v, attentionType, null);
                });
            }
            // Of the last layer nothing else is ever looked at.
            Projections last = project(weights.layers().get(top), x, Inference.PASS);
            cache.fill(top, firstRow, last.keys(turns), last.values());
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
            KvCache.Step step = cache.beginStep();
            return run(
                    ids,
                    Inference.PASS,
                    turns(rope.angles(positions, positions.length, 1)),
                    (layer, q, k, v) ->
                            step.attend(layer, q, k, v, config.slidingWindows().get(layer)));
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

    private Tensor run(Tensor ids, Pass pass, Turns turns, Mixer mixer) {
        Tensor x = pass.embed(weights.embedding(), ids);
        for (int l = 0; l < config.layers(); l++) {
            int number = l;
            x = pass.layer(x, (run, input) -> layer(number, input, run, turns, mixer));
        }
        return pass.norm(x, weights.finalNorm(), config.rmsNormEps());
    }

    private Tensor layer(int l, Tensor x, Pass pass, Turns turns, Mixer mixer) {
        Weights.Layer w = weights.layers().get(l);

        // Attention: norm, project, (norm heads), rotate, mix, project, add
        Tensor attended = Scoped.call(() -> {
            Projections p = project(w, x, pass);
            Tensor mixed = mixer.mix(l, p.queries(turns), p.keys(turns), p.values());
            Tensor merged = mixed.to(dtype.scalarType()).transpose(1, 2).flatten(2, 3);
            return pass.plusLinear(x, pass.pack(merged), w.o());
        });

        // MLP: norm, gate and up, SiLU, down, add
        return Scoped.call(() -> {
            Tensor m = pass.norm(attended, w.mlpNorm(), config.rmsNormEps()).to(dtype.scalarType());
            return pass.plusLinear(attended, pass.gated(m, w.gate(), w.up()), w.down());
        });
    }

    private Projections project(Weights.Layer w, Tensor x, Pass pass) {
        return new Projections(
                w, pass.norm(x, w.attentionNorm(), config.rmsNormEps()).to(dtype.scalarType()), pass);
    }

    /** What a layer's attention gets of its normed input h. */
    private final class Projections {
        private final Weights.Layer w;
        private final Tensor h;
        private final Pass pass;

        Projections(Weights.Layer w, Tensor h, Pass pass) {
            this.w = w;
            this.h = h;
            this.pass = pass;
        }

        /** [B, H, N, D] */
        Tensor queries(Turns turns) {
            return turned(heads(w.q(), config.heads()), w.qNorm(), turns.queries());
        }

        /** [B, K, N, D] */
        Tensor keys(Turns turns) {
            return turned(heads(w.k(), config.kvHeads()), w.kNorm(), turns.keys());
        }

        /** [B, K, N, D] */
        Tensor values() {
            return heads(w.v(), config.kvHeads()).transpose(1, 2);
        }

        /** [B, N, heads, D] */
        private Tensor heads(Linear linear, int heads) {
            Tensor x = pass.spread(pass.linear(h, linear));
            return x.view(x.size(0), x.size(1), heads, config.headDim());
        }

        /** Normed where the model does so and rotated in f32, then rounded to the dtype: [B, heads, N, D]. */
        private Tensor turned(Tensor x, @Nullable Tensor headNorm, Rope.Angles angles) {
            Tensor exact = x.to(ScalarType.Float);
            Tensor normed = headNorm == null ? exact : pass.norm(exact, headNorm, config.rmsNormEps());
            return angles.rotate(normed).to(dtype.scalarType()).transpose(1, 2);
        }
    }

    private Tensor attend(int l, Tensor q, Tensor k, Tensor v, ScalarType type, @Nullable AttentionTap tap) {
        int window = config.slidingWindows().get(l);
        if (tap == null || !tap.wants(l)) {
            return Attention.causal(q.to(type), k.to(type), v.to(type), window).output();
        }
        // More value columns carry the key's position, so that E_t[s] comes out beside the values.
        Tensor wideQ = PositionColumns.pad(q);
        Tensor wideK = PositionColumns.pad(k);
        Operators.Flash flash = Attention.causal(
                wideQ.to(type), wideK.to(type), PositionColumns.append(v).to(type), window);
        Tensor meanKey = PositionColumns.read(flash.output(), config.headDim());
        tap.see(l, new AttentionTap.Seen(wideQ, wideK, flash.lse(), meanKey, window == 0 ? Integer.MAX_VALUE : window));
        return Tensors.slice(flash.output(), 3, 0, config.headDim());
    }

    @Override
    public void close() {
        weights.close();
    }
}
