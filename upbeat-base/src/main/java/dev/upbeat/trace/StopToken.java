package dev.upbeat.trace;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A token that ends a response.
 *
 * @param token text of the token; null without a tokenizer
 * @param from settings that name the token, as file and key: {@code generation_config.json eos_token_id}
 */
public record StopToken(int id, @Nullable String token, List<String> from) {
    public StopToken {
        from = List.copyOf(from);
    }
}
