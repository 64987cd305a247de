package dev.upbeat.model;

import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.checkpoint.WeightSource;
import dev.upbeat.tensor.Dtype;
import dev.upbeat.tensor.Kernels;
import dev.upbeat.tensor.Operators;
import dev.upbeat.tensor.Scoped;
import dev.upbeat.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Weights of a decoder, for inference. Matrices are in the compute dtype: views of the mapped file if it has that
 * dtype, else converted, and packed for oneDNN if that is fastest here ({@link Kernels#weights}). Norm weights are f32 because norms are computed in f32.
 *
 * @param embedding [V, E]
 * @param finalNorm [E]
 * @param head [V, E]; with tied embeddings the embedding or a packed copy of it
 * @param tensors every tensor once, to be closed
 */
record Weights(Tensor embedding, List<Layer> layers, Tensor finalNorm, Linear head, List<Tensor> tensors)
        implements AutoCloseable {
    /**
     * @param attentionNorm [E]
     * @param qkv the projections to q [H D, E], k [K D, E] and v [K D, E]: one matrix in this order if one of them is a copy
     *     (converted, or with an adapter merged in) or they are adjacent in memory, else three
     * @param o [E, H D]
     * @param qNorm [D], or null without QK-norm
     * @param kNorm [D], or null without QK-norm
     * @param mlpNorm [E]
     * @param gate [M, E]
     * @param up [M, E]
     * @param down [E, M]
     */
    record Layer(
            Tensor attentionNorm,
            List<Linear> qkv,
            Linear o,
            @Nullable Tensor qNorm,
            @Nullable Tensor kNorm,
            Tensor mlpNorm,
            Linear gate,
            Linear up,
            Linear down) {}

    /**
     * Reads all weights. If that fails, the tensors read so far are freed.
     *
     * @param adapters low-rank updates, which are applied beside the weights
     * @throws NotFiniteException if a tensor has a value that is NaN or infinite
     */
    static Weights load(ModelConfig config, WeightSource source, Dtype dtype, Adapters adapters) {
        Reader read = new Reader(source, dtype, adapters, new ArrayList<>());
        try (PointerScope scope = new PointerScope()) {
            return read.all(config);
        } catch (RuntimeException | Error e) {
            read.kept.forEach(Tensor::close);
            throw e;
        }
    }

    /** The same tensors without low-rank updates. They are freed with these weights, not with the result. */
    Weights withoutUpdates() {
        List<Layer> plain = layers.stream()
                .map(layer -> new Layer(
                        layer.attentionNorm,
                        layer.qkv.stream().map(Weights::withoutUpdates).toList(),
                        withoutUpdates(layer.o),
                        layer.qNorm,
                        layer.kNorm,
                        layer.mlpNorm,
                        withoutUpdates(layer.gate),
                        withoutUpdates(layer.up),
                        withoutUpdates(layer.down)))
                .toList();
        return new Weights(embedding, plain, finalNorm, withoutUpdates(head), List.of());
    }

    private static Linear withoutUpdates(Linear linear) {
        return new Linear(linear.weight(), linear.bias(), List.of());
    }

    /**
     * The same layers with weights rounded to int8, for sampling only. Embedding, norms and biases stay those of these
     * weights, which must outlive the result.
     */
    Weights rounded() {
        List<Tensor> kept = new ArrayList<>();
        UnaryOperator<Linear> round = linear -> {
            Linear rounded = linear.rounded();
            kept.addAll(Objects.requireNonNull(rounded.int8()).tensors());
            return rounded;
        };
        List<Layer> rounded = layers.stream()
                .map(layer -> new Layer(
                        layer.attentionNorm,
                        layer.qkv.stream().map(round).toList(),
                        round.apply(layer.o),
                        layer.qNorm,
                        layer.kNorm,
                        layer.mlpNorm,
                        round.apply(layer.gate),
                        round.apply(layer.up),
                        round.apply(layer.down)))
                .toList();
        return new Weights(embedding, rounded, finalNorm, round.apply(head), kept);
    }

    /** Frees every tensor. The mapped file belongs to the {@link WeightSource}. */
    @Override
    public void close() {
        tensors.forEach(Tensor::close);
    }

    /** @param kept tensors that outlive this reader */
    private record Reader(WeightSource source, Dtype dtype, Adapters adapters, List<Tensor> kept) {
        Weights all(ModelConfig config) {
            Tensor embedding = matrix("model.embed_tokens.weight");
            List<Layer> layers = new ArrayList<>();
            for (int l = 0; l < config.layers(); l++) {
                String layer = "model.layers." + l + ".";
                String attention = layer + "self_attn.";
                layers.add(new Layer(
                        norm(layer + "input_layernorm.weight"),
                        fused(
                                List.of(attention + "q_proj", attention + "k_proj", attention + "v_proj"),
                                config.qkvBias()),
                        linear(attention + "o_proj", config.outputBias()),
                        config.qkNorm() ? norm(attention + "q_norm.weight") : null,
                        config.qkNorm() ? norm(attention + "k_norm.weight") : null,
                        norm(layer + "post_attention_layernorm.weight"),
                        linear(layer + "mlp.gate_proj", config.mlpBias()),
                        linear(layer + "mlp.up_proj", config.mlpBias()),
                        linear(layer + "mlp.down_proj", config.mlpBias())));
            }
            Tensor finalNorm = norm("model.norm.weight");
            Tensor head = config.tiedEmbeddings() ? tied(embedding) : projection("lm_head.weight");
            return new Weights(
                    embedding, List.copyOf(layers), finalNorm, new Linear(head, null, List.of()), List.copyOf(kept));
        }

        private Tensor keep(Tensor tensor) {
            kept.add(Scoped.keep(tensor));
            return tensor;
        }

        private Tensor read(String name, Dtype type) {
            return Finite.require(source.read(name, type), name);
        }

        private Tensor matrix(String name) {
            return keep(read(name, dtype));
        }

        private Tensor norm(String name) {
            return keep(read(name, Dtype.F32));
        }

        /** A view of the file as it is; a converted matrix, which is a copy anyway, packed. */
        private Tensor projection(String name) {
            return Scoped.call(() -> {
                Tensor weight = read(name, dtype);
                return keep(Tensors.ownsItsStorage(weight) ? laidOut(weight) : weight);
            });
        }

        private static Tensor laidOut(Tensor weight) {
            return Kernels.current().weights() == Kernels.Layout.PACKED ? Operators.packed(weight) : weight;
        }

        private Tensor tied(Tensor embedding) {
            return Tensors.ownsItsStorage(embedding) ? keep(laidOut(embedding)) : embedding;
        }

        private Linear linear(String name, boolean bias) {
            return new Linear(
                    projection(name + ".weight"), bias ? matrix(name + ".bias") : null, updates(List.of(name)));
        }

        /** The updates of linear layers that are joined in this order. */
        private List<Linear.Update> updates(List<String> names) {
            List<Linear.Update> updates = new ArrayList<>();
            long first = 0;
            for (String name : names) {
                LowRank update = adapters.of(name + ".weight");
                if (update != null) {
                    updates.add(new Linear.Update(first, update));
                }
                first += source.shape(name + ".weight")[0];
            }
            return List.copyOf(updates);
        }

        /**
         * Linear layers with the same input, as one matrix if one of them is a copy anyway or they are adjacent, because one
         * product is faster than three.
         */
        private List<Linear> fused(List<String> names, boolean bias) {
            try (PointerScope scope = new PointerScope()) {
                Tensor[] weights = read(names, ".weight");
                Tensor[] biases = bias ? read(names, ".bias") : new Tensor[0];
                if (Arrays.stream(weights).anyMatch(Tensors::ownsItsStorage)) {
                    Tensor weight = keep(laidOut(torch.cat(new TensorVector(weights), 0)));
                    Tensor joined = bias ? keep(torch.cat(new TensorVector(biases), 0)) : null;
                    return List.of(new Linear(weight, joined, updates(names)));
                }
                if (Tensors.areAdjacent(weights) && Tensors.areAdjacent(biases)) {
                    Tensor joined = bias ? keep(Tensors.joined(biases)) : null;
                    return List.of(new Linear(keep(Tensors.joined(weights)), joined, updates(names)));
                }
                return names.stream().map(name -> linear(name, bias)).toList();
            }
        }

        private Tensor[] read(List<String> names, String suffix) {
            return names.stream().map(name -> read(name + suffix, dtype)).toArray(Tensor[]::new);
        }
    }
}
