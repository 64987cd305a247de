package dev.upbeat.checkpoint;

import dev.upbeat.gguf.GgufMetadata;
import dev.upbeat.tokenizer.ChatTemplate;
import dev.upbeat.tokenizer.CompanionFiles;
import dev.upbeat.tokenizer.GgufTokenizer;
import dev.upbeat.tokenizer.HfTokenizer;
import dev.upbeat.tokenizer.StopTokens;
import dev.upbeat.tokenizer.TokenizerFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tokenizer and the chat template of a checkpoint: those of the adapter if its directory has a tokenizer, else those of the
 * model.
 *
 * @param folder directory with the files; null if they are in a GGUF file
 * @param gguf metadata of that file
 * @param ofAdapter whether {@code folder} is the adapter's directory
 */
record TextFiles(@Nullable Path folder, @Nullable GgufMetadata gguf, boolean ofAdapter) {
    static TextFiles of(Path model, @Nullable GgufMetadata gguf, @Nullable Path adapter) {
        if (adapter != null && Files.exists(adapter.resolve(TokenizerFiles.TOKENIZER))) {
            return new TextFiles(adapter, null, true);
        }
        return new TextFiles(gguf == null ? model : null, gguf, false);
    }

    private GgufMetadata metadata() {
        return Objects.requireNonNull(gguf);
    }

    /** Opens the tokenizer; null if there is none. */
    @Nullable
    HfTokenizer tokenizer() {
        if (folder == null) {
            return GgufTokenizer.isIn(metadata()) ? GgufTokenizer.of(metadata()) : null;
        }
        return Files.exists(folder.resolve(TokenizerFiles.TOKENIZER)) ? HfTokenizer.fromFolder(folder) : null;
    }

    /** The chat template; null if there is none. */
    @Nullable
    ChatTemplate chatTemplate() {
        return (folder == null ? ChatTemplate.fromGguf(metadata()) : ChatTemplate.fromFolder(folder)).orElse(null);
    }

    /** Replaces the model's tokenizer and chat template by those of the adapter if it has any. */
    void replace(Map<String, byte[]> companions) throws IOException {
        if (ofAdapter) {
            companions.keySet().retainAll(Set.of(CompanionFiles.CONFIG, StopTokens.GENERATION_FILE));
            companions.putAll(CompanionFiles.ofTokenizer(Objects.requireNonNull(folder)));
        }
    }
}
