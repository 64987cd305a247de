package dev.upbeat.model;

import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.checkpoint.WeightSource;
import dev.upbeat.tensor.Dtype;
import dev.upbeat.tensor.Operators;
import dev.upbeat.tensor.Scoped;
import dev.upbeat.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * A decoder's parameters, for inference. Matrices are in the compute dtype: views of the mapped file where it is stored so,
 * else packed for the matrix kernels. Norm weights
 * are f32, for norms are computed in f32.
 *
 * @param embedding [V, E]
 * @param finalNorm [E]
 * @param head [V, E]; where they are tied the embedding, or a packed copy of it
 */
record Weights(Tensor embedding, List<Layer> layers, Tensor finalNorm, Linear head) implements AutoCloseable {
    /**
     * @param attentionNorm [E]
     * @param qkv the projections to q [H D, E], k [K D, E] and v [K D, E]: one matrix that holds them in this order where
     *     they were converted or lie so in memory, else the three
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

    static Weights load(ModelConfig config, WeightSource source, Dtype dtype) {
        try (PointerScope scope = new PointerScope()) {
            Reader read = new Reader(source, dtype);
            Tensor embedding = read.matrix("model.embed_tokens.weight");
            List<Layer> layers = new ArrayList<>();
            for (int l = 0; l < config.layers(); l++) {
                String layer = "model.layers." + l + ".";
                String attention = layer + "self_attn.";
                layers.add(new Layer(
                        read.norm(layer + "input_layernorm.weight"),
                        read.together(
                                List.of(attention + "q_proj", attention + "k_proj", attention + "v_proj"),
                                config.qkvBias()),
                        read.linear(attention + "o_proj", config.outputBias()),
                        config.qkNorm() ? read.norm(attention + "q_norm.weight") : null,
                        config.qkNorm() ? read.norm(attention + "k_norm.weight") : null,
                        read.norm(layer + "post_attention_layernorm.weight"),
                        read.linear(layer + "mlp.gate_proj", config.mlpBias()),
                        read.linear(layer + "mlp.up_proj", config.mlpBias()),
                        read.linear(layer + "mlp.down_proj", config.mlpBias())));
            }
            Tensor finalNorm = read.norm("model.norm.weight");
            Tensor head = config.tiedEmbeddings() ? packed(embedding) : read.projection("lm_head.weight");
            return new Weights(embedding, List.copyOf(layers), finalNorm, new Linear(head, null));
        }
    }

    /** Frees every tensor (the mapped file stays with its {@link WeightSource}). */
    @Override
    public void close() {
        embedding.close();
        finalNorm.close();
        if (!head.weight().equals(embedding)) {
            head.weight().close();
        }
        for (Layer layer : layers) {
            layer.attentionNorm().close();
            layer.mlpNorm().close();
            closeAll(layer.qNorm(), layer.kNorm());
            Stream.concat(layer.qkv().stream(), Stream.of(layer.o(), layer.gate(), layer.up(), layer.down()))
                    .forEach(linear -> closeAll(linear.weight(), linear.bias()));
        }
    }

    private static void closeAll(@Nullable Tensor... tensors) {
        for (Tensor tensor : tensors) {
            if (tensor != null) {
                tensor.close();
            }
        }
    }

    /** A packed copy where the matrix was converted, and so is a copy already; a view of the file stays one. */
    private static Tensor packed(Tensor matrix) {
        return Tensors.ownsItsStorage(matrix) ? Scoped.keep(Operators.packed(matrix)) : matrix;
    }

    private record Reader(WeightSource source, Dtype dtype) {
        Tensor matrix(String name) {
            return Scoped.keep(Finite.require(source.read(name, dtype), name));
        }

        Tensor projection(String name) {
            return Scoped.call(() -> {
                Tensor weight = Finite.require(source.read(name, dtype), name);
                Tensor packed = packed(weight);
                return packed == weight ? Scoped.keep(weight) : packed;
            });
        }

        Tensor norm(String name) {
            return Scoped.keep(Finite.require(source.read(name, Dtype.F32), name));
        }

        Linear linear(String name, boolean bias) {
            return new Linear(projection(name + ".weight"), bias ? matrix(name + ".bias") : null);
        }

        /** Layers of one input: one matrix of all rows where that is free, for it is a single product. */
        List<Linear> together(List<String> names, boolean bias) {
            try (PointerScope scope = new PointerScope()) {
                Tensor[] weights = read(names, ".weight");
                Tensor[] biases = bias ? read(names, ".bias") : new Tensor[0];
                if (Arrays.stream(weights).allMatch(Tensors::ownsItsStorage)) {
                    Tensor weight = Scoped.keep(Operators.packed(torch.cat(new TensorVector(weights), 0)));
                    return List.of(
                            new Linear(weight, bias ? Scoped.keep(torch.cat(new TensorVector(biases), 0)) : null));
                }
                if (Tensors.areNeighbours(weights) && Tensors.areNeighbours(biases)) {
                    return List.of(new Linear(
                            Scoped.keep(Tensors.joined(weights)), bias ? Scoped.keep(Tensors.joined(biases)) : null));
                }
                return names.stream().map(name -> linear(name, bias)).toList();
            }
        }

        private Tensor[] read(List<String> names, String suffix) {
            return names.stream()
                    .map(name -> Finite.require(source.read(name + suffix, dtype), name + suffix))
                    .toArray(Tensor[]::new);
        }
    }
}
