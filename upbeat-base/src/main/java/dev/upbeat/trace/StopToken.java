package dev.upbeat.trace;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A token that ends a response.
 *
 * @param token its text; null without a tokenizer
 * @param from the settings that name it, file and key: {@code generation_config.json eos_token_id}
 */
public record StopToken(int id, @Nullable String token, List<String> from) {
    public StopToken {
        from = List.copyOf(from);
    }
}
