package dev.upbeat.tokenizer;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.upbeat.gguf.GgufMetadata;
import dev.upbeat.io.BadInputException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The tokenizer inside a GGUF file, rebuilt as the tokenizer.json that it was converted from, so that one library
 * tokenises both. A GGUF file only names its pre-tokenizer ({@code tokenizer.ggml.pre}): names that stand for one exact
 * pre-tokenizer of transformers are supported, all others are rejected. {@link GgufSentencePiece} converts a
 * SentencePiece vocabulary (model {@code llama}).
 */
public final class GgufTokenizer {
    private static final String PREFIX = "tokenizer.ggml.";
    public static final String TOKENS = PREFIX + "tokens";
    public static final String TOKEN_TYPES = PREFIX + "token_type";

    private static final String SPACE_PREFIX = PREFIX + "add_space_prefix";

    // Token types of the GGUF specification.
    static final int NORMAL = 1;
    private static final int UNKNOWN = 2;
    public static final int CONTROL = 3;
    private static final int USER_DEFINED = 4;

    /**
     * Longest accepted piece, because all ways to cut a piece in two are tried; SentencePiece makes pieces of up to 16.
     */
    private static final int LONGEST_PIECE = 256;

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private GgufTokenizer() {}

    /** Whether the file has a tokenizer; files without one name it "none" or not at all. */
    public static boolean isIn(GgufMetadata metadata) {
        return metadata.contains(PREFIX + "model")
                && !metadata.string(PREFIX + "model").equals("none");
    }

    /** @throws BadInputException if the vocabulary is incomplete or of a kind that cannot be rebuilt exactly */
    public static HfTokenizer of(GgufMetadata metadata) {
        return HfTokenizer.fromJson(json(metadata), "the tokenizer of " + metadata.file());
    }

    /** Returns the tokenizer.json. */
    static String json(GgufMetadata metadata) {
        String model = metadata.string(PREFIX + "model");
        if (model.equals("llama")) {
            return sentencePiece(metadata).toString();
        }
        if (!model.equals("gpt2")) {
            throw unread(metadata, "model " + model, "gpt2 (byte-level BPE) or llama (SentencePiece)");
        }
        if (metadata.bool(SPACE_PREFIX, false)) {
            throw unread(metadata, "add_space_prefix true", "false for byte-level BPE");
        }
        String name = metadata.string(PREFIX + "pre");
        GgufPreTokenizer pre = GgufPreTokenizer.named(name);
        if (pre == null) {
            throw unread(metadata, "pre " + name, "one of " + GgufPreTokenizer.names());
        }
        return byteLevel(metadata, pre).toString();
    }

    private static BadInputException unread(GgufMetadata metadata, String given, String expected) {
        return new BadInputException(metadata.file() + " has " + PREFIX + given + ": expected " + expected
                + "; give the Hugging Face folder with its tokenizer.json instead");
    }

    private static ObjectNode byteLevel(GgufMetadata metadata, GgufPreTokenizer pre) {
        List<String> tokens = metadata.strings(TOKENS);
        ObjectNode document = document(metadata, tokens, types(metadata, tokens), pre.addsBosByDefault());
        document.set("normalizer", pre.normalizer());
        document.set("pre_tokenizer", pre.preTokenizer());
        document.set("decoder", GgufPreTokenizer.byteLevel(true));
        ObjectNode bpe = bpe(metadata, tokens);
        bpe.put("ignore_merges", pre.ignoresMerges());
        ArrayNode pairs = bpe.putArray("merges");
        metadata.strings(PREFIX + "merges").forEach(pairs::add);
        document.set("model", bpe);
        return document;
    }

    private static ObjectNode sentencePiece(GgufMetadata metadata) {
        for (String key : List.of(PREFIX + "precompiled_charsmap", PREFIX + "remove_extra_whitespaces")) {
            if (metadata.contains(key) && metadata.values().get(key) != Boolean.FALSE) {
                throw unread(
                        metadata,
                        key.substring(PREFIX.length()),
                        "a SentencePiece vocabulary that leaves text as it is");
            }
        }
        List<String> tokens = metadata.strings(TOKENS);
        int[] types = types(metadata, tokens);
        double[] scores = metadata.numbers(PREFIX + "scores");
        if (scores.length != tokens.size()) {
            throw new BadInputException(metadata.file() + " has " + tokens.size() + " tokenizer.ggml.tokens and "
                    + scores.length + " tokenizer.ggml.scores: expected as many of each");
        }
        for (int id = 0; id < types.length; id++) {
            int length = tokens.get(id).length();
            if (types[id] == NORMAL && length > LONGEST_PIECE) {
                throw new BadInputException(metadata.file() + " has a token " + id + " of " + length
                        + " characters, expected at most " + LONGEST_PIECE + " in a SentencePiece vocabulary.");
            }
        }
        boolean spacePrefix = metadata.bool(SPACE_PREFIX, true);
        ObjectNode document = document(metadata, tokens, types, true);
        document.set("normalizer", GgufSentencePiece.normalizer(spacePrefix));
        document.putNull("pre_tokenizer");
        document.set("decoder", GgufSentencePiece.decoder(spacePrefix));
        ObjectNode bpe = bpe(metadata, tokens);
        bpe.put("fuse_unk", true).put("byte_fallback", true).put("ignore_merges", false);
        if (metadata.contains(PREFIX + "unknown_token_id")) {
            bpe.put("unk_token", tokens.get(tokenId(metadata, "unknown_token_id", tokens.size())));
        }
        bpe.set("merges", GgufSentencePiece.merges(tokens, types, scores));
        document.set("model", bpe);
        return document;
    }

    /** The parts of a tokenizer.json that all kinds share. */
    private static ObjectNode document(
            GgufMetadata metadata, List<String> tokens, int[] types, boolean addsBosByDefault) {
        ObjectNode document = JSON.objectNode();
        document.put("version", "1.0");
        document.putNull("truncation");
        document.putNull("padding");
        document.set("added_tokens", addedTokens(tokens, types));
        document.set("post_processor", postProcessor(metadata, tokens, addsBosByDefault));
        return document;
    }

    private static ObjectNode bpe(GgufMetadata metadata, List<String> tokens) {
        ObjectNode bpe = JSON.objectNode();
        bpe.put("type", "BPE");
        ObjectNode vocab = bpe.putObject("vocab");
        for (int id = 0; id < tokens.size(); id++) {
            if (vocab.has(tokens.get(id))) {
                throw new BadInputException(
                        metadata.file() + " has '" + tokens.get(id) + "' as token " + vocab.get(tokens.get(id))
                                + " and as " + id + " of tokenizer.ggml.tokens: expected each once");
            }
            vocab.put(tokens.get(id), id);
        }
        return bpe;
    }

    private static int[] types(GgufMetadata metadata, List<String> tokens) {
        int[] types = metadata.integers(TOKEN_TYPES);
        if (types.length != tokens.size()) {
            throw new BadInputException(metadata.file() + " has " + tokens.size() + " tokenizer.ggml.tokens and "
                    + types.length + " tokenizer.ggml.token_type: expected as many of each");
        }
        return types;
    }

    /** Tokens that are matched as a whole in the text. */
    private static ArrayNode addedTokens(List<String> tokens, int[] types) {
        ArrayNode added = JSON.arrayNode();
        for (int id = 0; id < types.length; id++) {
            if (types[id] == UNKNOWN || types[id] == CONTROL || types[id] == USER_DEFINED) {
                ObjectNode token = added.addObject();
                token.put("id", id);
                token.put("content", tokens.get(id));
                token.put("single_word", false);
                token.put("lstrip", false);
                token.put("rstrip", false);
                token.put("normalized", false);
                token.put("special", types[id] != USER_DEFINED);
            }
        }
        return added;
    }

    /** Adds BOS before and EOS after the text, if the file says so. */
    private static ObjectNode postProcessor(GgufMetadata metadata, List<String> tokens, boolean addsBosByDefault) {
        ObjectNode processor = JSON.objectNode();
        processor.put("type", "TemplateProcessing");
        ArrayNode single = processor.putArray("single");
        ObjectNode special = JSON.objectNode();
        if (metadata.bool(PREFIX + "add_bos_token", addsBosByDefault)) {
            addSpecial(single, special, metadata, "bos_token_id", tokens);
        }
        sequence(single, "A", 0);
        if (metadata.bool(PREFIX + "add_eos_token", false)) {
            addSpecial(single, special, metadata, "eos_token_id", tokens);
        }
        ArrayNode pair = processor.putArray("pair"); // required by the format; nothing here encodes pairs
        sequence(pair, "A", 0);
        sequence(pair, "B", 1);
        processor.set("special_tokens", special);
        return processor;
    }

    private static void addSpecial(
            ArrayNode single, ObjectNode special, GgufMetadata metadata, String key, List<String> tokens) {
        int id = tokenId(metadata, key, tokens.size());
        String content = tokens.get(id);
        single.addObject().putObject("SpecialToken").put("id", content).put("type_id", 0);
        ObjectNode token = special.putObject(content).put("id", content);
        token.putArray("ids").add(id);
        token.putArray("tokens").add(content);
    }

    private static int tokenId(GgufMetadata metadata, String key, int vocabulary) {
        int id = metadata.integer(PREFIX + key);
        if (id < 0 || id >= vocabulary) {
            throw new BadInputException(metadata.file() + " has " + PREFIX + key + " " + id
                    + ": expected a token id below " + vocabulary + ". Fetch it again.");
        }
        return id;
    }

    private static void sequence(ArrayNode template, String name, int typeId) {
        template.addObject().putObject("Sequence").put("id", name).put("type_id", typeId);
    }

    /**
     * The special tokens that a chat template may name (bos_token, eos_token, unk_token, pad_token), as far as the file
     * has them.
     */
    static Map<String, String> specialTokens(GgufMetadata metadata) {
        List<String> tokens = metadata.strings(TOKENS);
        Map<String, String> keys = Map.of(
                "bos_token", "bos_token_id",
                "eos_token", "eos_token_id",
                "unk_token", "unknown_token_id",
                "pad_token", "padding_token_id");
        Map<String, String> special = new HashMap<>();
        keys.forEach((name, key) -> {
            if (metadata.contains(PREFIX + key)) {
                special.put(name, tokens.get(tokenId(metadata, key, tokens.size())));
            }
        });
        return special;
    }
}
