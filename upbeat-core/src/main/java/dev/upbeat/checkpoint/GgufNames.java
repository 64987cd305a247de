package dev.upbeat.checkpoint;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Translates ggml's tensor names to Hugging Face's. */
final class GgufNames {
    /** Llama 3's rotary factors: a part of the configuration, not a weight. */
    static final String ROPE_FREQS = "rope_freqs.weight";

    static final String EMBEDDING = "token_embd.weight";

    static final String OUTPUT = "output.weight";

    private static final Pattern BLOCK = Pattern.compile("blk\\.(\\d+)\\.(\\w+)\\.(weight|bias)");

    private static final Map<String, String> OUTSIDE_BLOCKS = Map.of(
            EMBEDDING,
            "model.embed_tokens.weight",
            "output_norm.weight",
            "model.norm.weight",
            OUTPUT,
            "lm_head.weight");

    private static final Map<String, String> IN_BLOCKS = Map.ofEntries(
            Map.entry("attn_norm", "input_layernorm"),
            Map.entry("attn_q", "self_attn.q_proj"),
            Map.entry("attn_k", "self_attn.k_proj"),
            Map.entry("attn_v", "self_attn.v_proj"),
            Map.entry("attn_output", "self_attn.o_proj"),
            Map.entry("attn_q_norm", "self_attn.q_norm"),
            Map.entry("attn_k_norm", "self_attn.k_norm"),
            Map.entry("ffn_norm", "post_attention_layernorm"),
            Map.entry("ffn_gate", "mlp.gate_proj"),
            Map.entry("ffn_up", "mlp.up_proj"),
            Map.entry("ffn_down", "mlp.down_proj"));

    private GgufNames() {}

    /** The Hugging Face name, or the name itself if it is unknown. */
    static String huggingFace(String name) {
        Matcher block = BLOCK.matcher(name);
        String module = block.matches() ? IN_BLOCKS.get(block.group(2)) : null;
        if (module != null) {
            return "model.layers." + block.group(1) + "." + module + "." + block.group(3);
        }
        return OUTSIDE_BLOCKS.getOrDefault(name, name);
    }
}
