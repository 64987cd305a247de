package dev.upbeat.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a GGUF's {@code tokenizer.ggml.pre} stands for, in the terms of tokenizer.json: the settings of the family's own
 * tokenizer.json, not llama.cpp's rendering of them (which has no NFC, for one).
 *
 * @param pattern of the words that BPE works within, each a match of this regular expression; null for GPT-2's own
 * @param digitsApart whether each digit is a word
 * @param nfc whether text is put into Unicode normal form C first
 * @param ignoresMerges whether a word that is a token is that token, whatever the merges say (tiktoken vocabularies)
 * @param addsBosByDefault whether a BOS is put before a text when the file does not say
 */
record GgufPreTokenizer(
        @Nullable String pattern, boolean digitsApart, boolean nfc, boolean ignoresMerges, boolean addsBosByDefault) {
    private static final String CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
    private static final String SYMBOLS_AND_SPACE = " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    private static final String QWEN2 = CONTRACTIONS + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}|" + SYMBOLS_AND_SPACE;
    private static final String LLAMA3 =
            CONTRACTIONS + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}|" + SYMBOLS_AND_SPACE;
    private static final String UPPER = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
    private static final String LOWER = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
    private static final String TEKKEN = "[^\\r\\n\\p{L}\\p{N}]?" + UPPER + "*" + LOWER + "+"
            + "|[^\\r\\n\\p{L}\\p{N}]?" + UPPER + "+" + LOWER + "*"
            + "|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    private static final Map<String, GgufPreTokenizer> BY_NAME = new TreeMap<>(Map.of(
            "gpt-2", new GgufPreTokenizer(null, false, false, false, false),
            "smollm", new GgufPreTokenizer(null, true, false, false, false),
            "qwen2", new GgufPreTokenizer(QWEN2, false, true, false, false),
            "llama-bpe", new GgufPreTokenizer(LLAMA3, false, false, true, true),
            "tekken", new GgufPreTokenizer(TEKKEN, false, false, true, true)));

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** Null where the name is not known to stand for one exact pre-tokenizer. */
    static @Nullable GgufPreTokenizer named(String name) {
        return BY_NAME.get(name);
    }

    /** Those known, in alphabetical order. */
    static Set<String> names() {
        return Collections.unmodifiableSet(BY_NAME.keySet());
    }

    JsonNode normalizer() {
        return nfc ? JSON.objectNode().put("type", "NFC") : JSON.nullNode();
    }

    JsonNode preTokenizer() {
        ObjectNode sequence = JSON.objectNode().put("type", "Sequence");
        ArrayNode steps = sequence.putArray("pretokenizers");
        if (digitsApart) {
            steps.addObject().put("type", "Digits").put("individual_digits", true);
        }
        if (pattern != null) {
            ObjectNode split = steps.addObject().put("type", "Split");
            split.putObject("pattern").put("Regex", pattern);
            split.put("behavior", "Isolated").put("invert", false);
        }
        steps.add(byteLevel(pattern == null));
        return sequence;
    }

    /** @param useRegex whether GPT-2's pattern splits the text into words */
    static ObjectNode byteLevel(boolean useRegex) {
        return JSON.objectNode()
                .put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", true)
                .put("use_regex", useRegex);
    }
}
