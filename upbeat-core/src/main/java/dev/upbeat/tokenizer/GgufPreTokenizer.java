package dev.upbeat.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The pre-tokenizer that a GGUF file's {@code tokenizer.ggml.pre} names, in the terms of tokenizer.json. The rules are those
 * of the model family's own tokenizer.json and not of llama.cpp, which for example has no NFC. Names on one line below share a
 * rule in llama.cpp. Missing names have an unsupported rule or belong to unsupported architectures.
 *
 * @param splits regular expressions that split the text one after the other; each match becomes a piece
 * @param gpt2Words whether GPT-2's own pattern then splits the pieces into words
 * @param nfc whether text is first put into Unicode normal form C
 * @param ignoresMerges whether a word in the vocabulary becomes one token without merges (tiktoken vocabularies)
 * @param addsBosByDefault whether BOS is added before a text if the file does not say
 */
record GgufPreTokenizer(
        List<String> splits, boolean gpt2Words, boolean nfc, boolean ignoresMerges, boolean addsBosByDefault) {
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

    private static final String GPT4O = "[^\\r\\n\\p{L}\\p{N}]?" + UPPER + "*" + LOWER + "+" + CONTRACTIONS + "?"
            + "|[^\\r\\n\\p{L}\\p{N}]?" + UPPER + "+" + LOWER + "*" + CONTRACTIONS + "?"
            + "|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    private static final String SEED_CODER = CONTRACTIONS + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}"
            + "| ?[^\\s\\p{L}\\p{N}\\r\\n]+|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    private static final String[] DEEPSEEK_CODER = {
        "[\\r\\n]", "\\s?\\p{L}+", "\\s?\\p{P}+", "[\u4e00-\u9fa5\u0800-\u4e00\uac00-\ud7ff]+", "\\p{N}"
    };
    private static final String[] DEEPSEEK_V3 = {
        "\\p{N}{1,3}",
        "[\u4e00-\u9fa5\u3040-\u309f\u30a0-\u30ff]+",
        "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+"
                + "| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"
    };

    private static final Map<String, GgufPreTokenizer> BY_NAME = new TreeMap<>();

    static {
        GgufPreTokenizer gpt2 = new GgufPreTokenizer(List.of(), true, false, false, false);
        GgufPreTokenizer digits = new GgufPreTokenizer(List.of("\\p{N}"), true, false, false, false);
        names(gpt2, "gpt-2", "phi-2", "a.x-4.0", "gigachat", "granite-docling", "mellum", "trillion");
        names(digits, "smollm", "minerva-7b", "refact", "starcoder");
        names(digits.withNfc(), "command-r");
        names(of(QWEN2).withNfc(), "qwen2", "deepseek-r1-qwen", "f2llmv2", "kormo", "megrez");
        names(of(LLAMA3), "dbrx", "smaug-bpe");
        names(of(LLAMA3).tiktoken(), "llama-bpe", "llama3", "llama-v3", "falcon3", "lfm2", "midm-2.0", "pixtral");
        names(of(TEKKEN).tiktoken(), "tekken");
        names(of(GPT4O), "gpt-4o", "kanana2", "llama4");
        names(of(SEED_CODER), "seed-coder");
        names(of(DEEPSEEK_CODER), "deepseek-coder");
        names(of(DEEPSEEK_V3), "deepseek-v3", "hunyuan-dense");
    }

    private static void names(GgufPreTokenizer rule, String... names) {
        for (String name : names) {
            BY_NAME.put(name, rule);
        }
    }

    private static GgufPreTokenizer of(String... splits) {
        return new GgufPreTokenizer(List.of(splits), false, false, false, false);
    }

    private GgufPreTokenizer withNfc() {
        return new GgufPreTokenizer(splits, gpt2Words, true, ignoresMerges, addsBosByDefault);
    }

    /** The same rule for a vocabulary made by tiktoken. */
    private GgufPreTokenizer tiktoken() {
        return new GgufPreTokenizer(splits, gpt2Words, nfc, true, true);
    }

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** Null if the name is not known to stand for one exact pre-tokenizer. */
    static @Nullable GgufPreTokenizer named(String name) {
        return BY_NAME.get(name);
    }

    /** The known names, in alphabetical order. */
    static Set<String> names() {
        return Collections.unmodifiableSet(BY_NAME.keySet());
    }

    JsonNode normalizer() {
        return nfc ? JSON.objectNode().put("type", "NFC") : JSON.nullNode();
    }

    JsonNode preTokenizer() {
        ObjectNode sequence = JSON.objectNode().put("type", "Sequence");
        ArrayNode steps = sequence.putArray("pretokenizers");
        for (String pattern : splits) {
            ObjectNode split = steps.addObject().put("type", "Split");
            split.putObject("pattern").put("Regex", pattern);
            split.put("behavior", "Isolated").put("invert", false);
        }
        steps.add(byteLevel(gpt2Words));
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
