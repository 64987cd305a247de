package dev.upbeat.checkpoint;

import dev.upbeat.gguf.GgufMetadata;
import dev.upbeat.tokenizer.GgufTokenizer;
import dev.upbeat.tokenizer.StopTokens;
import java.util.List;
import java.util.Set;

/**
 * The tokens that end a response of a GGUF model, as in llama.cpp: those named by the metadata, and control tokens with a known
 * text, because converters name only one token.
 */
final class GgufStops {
    private static final List<String> KEYS =
            List.of("tokenizer.ggml.eos_token_id", "tokenizer.ggml.eot_token_id", "tokenizer.ggml.eom_token_id");

    /** Texts of control tokens that end a turn, message or text. */
    private static final Set<String> TEXTS = Set.of(
            "<|im_end|>",
            "<|eot_id|>",
            "<|eom_id|>",
            "<|end|>",
            "<|return|>",
            "<|endoftext|>",
            "<|end_of_text|>",
            "<end_of_turn>",
            "<end_of_utterance>",
            "<｜end▁of▁sentence｜>",
            "<EOT>",
            "_<EOT>",
            "[EOT]",
            "[EOS]",
            "<eos>",
            "</s>");

    private GgufStops() {}

    static StopTokens of(GgufMetadata metadata) {
        StopTokens stops = new StopTokens();
        KEYS.stream().filter(metadata::contains).forEach(key -> stops.add(metadata.integer(key), key));
        if (metadata.contains(GgufTokenizer.TOKENS) && metadata.contains(GgufTokenizer.TOKEN_TYPES)) {
            List<String> tokens = metadata.strings(GgufTokenizer.TOKENS);
            int[] types = metadata.integers(GgufTokenizer.TOKEN_TYPES);
            for (int id = 0; id < Math.min(types.length, tokens.size()); id++) {
                if (types[id] == GgufTokenizer.CONTROL && TEXTS.contains(tokens.get(id))) {
                    stops.add(id, "control token of " + GgufTokenizer.TOKENS);
                }
            }
        }
        return stops;
    }
}
