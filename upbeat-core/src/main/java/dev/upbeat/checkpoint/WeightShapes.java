package dev.upbeat.checkpoint;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The tensors of a decoder: Hugging Face names and shapes, outputs first. Legend: V vocabulary, E hidden size, H
 * query heads, K key/value heads, D head size.
 */
public final class WeightShapes {
    private final Map<String, long[]> shapes = new LinkedHashMap<>();

    private WeightShapes() {}

    /** Shapes by name, in the order of use; {@code lm_head.weight} is absent if the embedding is the head. */
    public static Map<String, long[]> of(ModelConfig config) {
        WeightShapes all = new WeightShapes();
        all.shapes.put("model.embed_tokens.weight", new long[] {config.vocabulary(), config.hidden()});
        for (int layer = 0; layer < config.layers(); layer++) {
            all.addLayer("model.layers." + layer + ".", config);
        }
        all.shapes.put("model.norm.weight", new long[] {config.hidden()});
        if (!config.tiedEmbeddings()) {
            all.shapes.put("lm_head.weight", new long[] {config.vocabulary(), config.hidden()});
        }
        return all.shapes;
    }

    /** Number of weights. */
    public static long count(ModelConfig config) {
        return of(config).values().stream()
                .mapToLong(shape -> Arrays.stream(shape).reduce(1, (a, b) -> a * b))
                .sum();
    }

    private void addLayer(String prefix, ModelConfig config) {
        long hidden = config.hidden();
        long queries = (long) config.heads() * config.headDim();
        long keys = (long) config.kvHeads() * config.headDim();
        shapes.put(prefix + "input_layernorm.weight", new long[] {hidden});
        addLinear(prefix + "self_attn.q_proj", queries, hidden, config.qkvBias());
        addLinear(prefix + "self_attn.k_proj", keys, hidden, config.qkvBias());
        addLinear(prefix + "self_attn.v_proj", keys, hidden, config.qkvBias());
        if (config.qkNorm()) {
            shapes.put(prefix + "self_attn.q_norm.weight", new long[] {config.headDim()});
            shapes.put(prefix + "self_attn.k_norm.weight", new long[] {config.headDim()});
        }
        addLinear(prefix + "self_attn.o_proj", hidden, queries, config.outputBias());
        shapes.put(prefix + "post_attention_layernorm.weight", new long[] {hidden});
        addLinear(prefix + "mlp.gate_proj", config.mlp(), hidden, config.mlpBias());
        addLinear(prefix + "mlp.up_proj", config.mlp(), hidden, config.mlpBias());
        addLinear(prefix + "mlp.down_proj", hidden, config.mlp(), config.mlpBias());
    }

    private void addLinear(String module, long outputs, long inputs, boolean bias) {
        shapes.put(module + ".weight", new long[] {outputs, inputs});
        if (bias) {
            shapes.put(module + ".bias", new long[] {outputs});
        }
    }
}
