package dev.upbeat.model;

import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.checkpoint.WeightShapes;
import dev.upbeat.checkpoint.WeightSource;
import dev.upbeat.tensor.Dtype;
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
 * Decoder-only transformer: Llama, Qwen2, Qwen3 or Mistral, by configuration. Matrix products run in the dtype of the
 * weights; the residual stream, norms, rotary embedding and softmax in f32.
 *
 * <p>Batches are padded on the right. Causal attention never reads padding there, so it changes no result.
 */
public final class Decoder implements AutoCloseable {
    private final ModelConfig config;
    private final Dtype dtype;
    private final Adapters adapters;
    private Weights weights;
    private final Rope rope;
    private final ScalarType attentionType;

    private Decoder(ModelConfig config, Dtype dtype, Adapters adapters, Weights weights) {
        this.config = config;
        this.dtype = dtype;
        this.adapters = adapters;
        this.weights = weights;
        this.rope = new Rope(config);
        this.attentionType = AttentionPrecision.of(dtype);
    }

    /** Loads a decoder. The files that the source has mapped must stay open as long as the decoder is used. */
    public static Decoder load(ModelConfig config, WeightSource source, Dtype dtype) {
        return load(config, source, dtype, Adapters.NONE);
    }

    /** As {@link #load(ModelConfig, WeightSource, Dtype)}, with low-rank updates beside the weights. */
    public static Decoder load(ModelConfig config, WeightSource source, Dtype dtype, Adapters adapters) {
        return new Decoder(config, dtype, adapters, Weights.load(config, source, dtype, adapters));
    }

    /** A decoder with the same weights without low-rank updates. It is valid until this one is closed or reloaded. */
    public Decoder withoutUpdates() {
        return new Decoder(config, dtype, Adapters.NONE, weights.withoutUpdates());
    }

    /**
     * A decoder with these weights rounded to int8, which samples faster and less exactly. It is made again when the
     * weights change, must not be trained or observed, and is closed before this decoder.
     */
    public Decoder rounded() {
        return new Decoder(config, dtype, Adapters.NONE, weights.rounded());
    }

    /** Replaces the weights by others of the same shapes. The files of the new source must stay open too. */
    public void reload(WeightSource source) {
        Weights old = weights;
        weights = Weights.load(config, source, dtype, adapters);
        old.close();
    }

    public ModelConfig config() {
        return config;
    }

    public Dtype dtype() {
        return dtype;
    }

    /** Threads that run independent batches of this model in parallel. */
    public Workers workers() {
        return Workers.forModel(WeightShapes.count(config));
    }

    /** The projection to the vocabulary, [V, E]. */
    Linear head() {
        return weights.head();
    }

    /** Logits [.., V] of hidden states [.., E], f32. */
    public Tensor logits(Tensor hidden) {
        return weights.head().apply(hidden).to(ScalarType.Float);
    }

    /**
     * Forward pass over a padded batch.
     *
     * @param ids int64, [B, N], padded on the right by any valid id; with dynamic rotary scaling every row is N long
     * @param hook receives the attention of each layer that it wants; null for none
     * @return hidden states after the last norm, f32, [B, N, E]; the state at n predicts token n + 1
     */
    public Tensor forward(Tensor ids, @Nullable AttentionHook hook) {
        return Scoped.call(() -> {
            int length = (int) ids.size(1);
            Rope.Angles angles = angles(length, new int[] {length});
            return run(ids, angles, Inference.PADDED, (layer, qkv) -> attend(layer, qkv, hook));
        });
    }

    /**
     * Forward pass over packed sequences.
     *
     * @param hook receives the attention of each layer that it wants, as a padded batch [B, N]; null for none
     * @return hidden states after the last norm, f32, [1, U, E]
     */
    public Tensor forward(Packing packing, @Nullable AttentionHook hook) {
        return Scoped.call(() -> run(
                packing.ids(),
                angles(packing),
                new Inference(PaddedLayout.of(packing)),
                (layer, qkv) -> attend(layer, qkv, hook)));
    }

    /**
     * Forward pass over packed sequences that is recorded for a backward pass. The scope around the call must stay open
     * until the backward pass has ended, because that may run layers again.
     *
     * @param tape a new tape over the packed sequences
     * @return hidden states after the last norm, f32, [1, U, E]
     */
    public Tensor forward(Tape tape) {
        Packing packing = tape.packing();
        Rope.Angles angles = angles(packing);
        // In bf16 the backward pass of flash attention is slow even if its forward pass is fast.
        return run(packing.ids(), angles, tape, (layer, qkv) -> attention(qkv, layer, ScalarType.Float)
                .output());
    }

    /**
     * Fills the cache with the keys and values of the tokens before the first {@link #step}. With dynamic rotary
     * scaling their rotation is that of a sequence that ends with the first step's token; it does not change when the
     * sequence grows, as in transformers.
     *
     * @param ids int64, [b, N], padded on the right by any valid id
     * @param copies number of consecutive cache rows that start with each of the sequences, [b]
     * @param firstRow first cache row of the first sequence
     */
    public void prefill(Tensor ids, int[] copies, KvCache cache, int firstRow) {
        Scoped.run(() -> {
            Rope.Angles angles = angles((int) ids.size(1), cache.ropeLengths(firstRow, copies));
            int top = config.layers() - 1;
            Tensor x = Inference.PADDED.embed(weights.embedding(), ids);
            for (int l = 0; l < top; l++) {
                x = layer(l, x, angles, Inference.PADDED, (layer, qkv) -> {
                    cache.fill(layer, firstRow, copies, qkv.k(), qkv.v());
                    return attend(layer, qkv, null);
                });
            }
            // The last layer's output is not needed.
            Qkv qkv = qkv(x, weights.layers().get(top), angles, Inference.PADDED);
            cache.fill(top, firstRow, copies, qkv.k(), qkv.v());
        });
    }

    /**
     * Forward pass over the next token of each sequence in the cache. With dynamic rotary scaling its rotation is that
     * of the last token of its sequence.
     *
     * @param ids int64, [B, 1]
     * @return hidden states after the last norm, f32, [B, 1, E]
     */
    public Tensor step(Tensor ids, KvCache cache) {
        return step(ids, cache, null);
    }

    /**
     * The same with a hook.
     *
     * @param hook receives the attention of the token in each layer that it wants; null for none. Only for B = 1
     */
    public Tensor step(Tensor ids, KvCache cache, @Nullable StepHook hook) {
        return Scoped.call(() -> {
            int[] positions = cache.nextPositions();
            int[] lengths =
                    Arrays.stream(positions).map(position -> position + 1).toArray();
            Rope.Angles angles = rope.angles(positions, lengths, positions.length, 1);
            KvCache.Step step = cache.beginStep();
            return run(ids, angles, Inference.PADDED, (layer, qkv) -> step.attend(layer, qkv, scale(), hook));
        });
    }

    private Tensor run(Tensor ids, Rope.Angles angles, Pass pass, AttentionFunction attention) {
        Tensor x = pass.embed(weights.embedding(), ids);
        for (int l = 0; l < config.layers(); l++) {
            int number = l;
            x = pass.layer(x, (run, input) -> layer(number, input, angles, run, attention));
        }
        return pass.norm(x, weights.finalNorm(), config.rmsNormEps());
    }

    private Rope.Angles angles(Packing packing) {
        return rope.angles(packing.positions(), packing.ropeLengths(), 1, packing.size());
    }

    /** Angles of positions 0 to n - 1 in sequences of the given lengths. */
    private Rope.Angles angles(int n, int[] lengths) {
        int lengthIndependentUpTo = config.ropeScaling().lengthIndependentUpTo();
        int[] distinct =
                Arrays.stream(lengths).allMatch(length -> length <= lengthIndependentUpTo) ? new int[] {1} : lengths;
        int[] positions = new int[distinct.length * n];
        int[] ropeLengths = new int[distinct.length * n];
        for (int p = 0; p < positions.length; p++) {
            positions[p] = p % n;
            ropeLengths[p] = distinct[p / n];
        }
        return rope.angles(positions, ropeLengths, distinct.length, n);
    }

    /**
     * Queries, keys and values, in the decoder's dtype.
     *
     * @param q [B, H, N, D]
     * @param k [B, K, N, D]
     * @param v [B, K, N, D]
     */
    record Qkv(Tensor q, Tensor k, Tensor v) {}

    /** Attention of a layer. */
    private interface AttentionFunction {
        /** @return [B, H, N, D] */
        Tensor apply(int layer, Qkv qkv);
    }

    private Tensor layer(int l, Tensor x, Rope.Angles angles, Pass pass, AttentionFunction attention) {
        Weights.Layer w = weights.layers().get(l);

        // Attention: queries, keys and values; attention; projection; residual
        Tensor attended = Scoped.call(() -> {
            Tensor output = attention.apply(l, qkv(x, w, angles, pass)).to(dtype.scalarType());
            Tensor merged = pass.toPacked(output.transpose(1, 2).flatten(2, 3));
            return pass.addLinear(x, merged, w.o());
        });

        // MLP: norm, gate and up, SiLU, down, residual
        return Scoped.call(() -> {
            Tensor m = pass.norm(attended, w.mlpNorm(), config.rmsNormEps()).to(dtype.scalarType());
            return pass.addLinear(attended, pass.gated(m, w.gate(), w.up()), w.down());
        });
    }

    /**
     * Norm, projection, QK-norm if the model has it, rotation. Queries and keys are rounded once, after the rotation.
     */
    private Qkv qkv(Tensor x, Weights.Layer w, Rope.Angles angles, Pass pass) {
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
                pass.toPadded(pass.rotate(qk, angles, dtype.scalarType())).transpose(1, 2);
        Tensor v = pass.toPadded(projected.narrow(2, h + k, k)).transpose(1, 2);
        return new Qkv(rotated.narrow(1, 0, h), rotated.narrow(1, h, k), v);
    }

    /** The outputs of all projections, concatenated along the last dimension. */
    private static Tensor project(Tensor x, List<Linear> parts, Pass pass) {
        if (parts.size() == 1) {
            return pass.linear(x, parts.get(0));
        }
        return torch.cat(
                new TensorVector(
                        parts.stream().map(part -> pass.linear(x, part)).toArray(Tensor[]::new)),
                -1);
    }

    private Tensor attend(int l, Qkv qkv, @Nullable AttentionHook hook) {
        if (hook == null || !hook.wants(l)) {
            return attention(qkv, l, attentionType).output();
        }
        // Additional value columns hold the key's position, so that attention also returns E_t[s].
        ObservedAttention observed =
                ObservedAttention.of(qkv, attentionType, config.slidingWindows().get(l), scale(), hook.byValueNorm());
        hook.observe(l, observed.attention());
        return Tensors.slice(observed.output(), 3, 0, config.headDim());
    }

    private Operators.AttentionResult attention(Qkv qkv, int l, ScalarType type) {
        return Attention.causal(
                qkv.q().to(type),
                qkv.k().to(type),
                qkv.v().to(type),
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
