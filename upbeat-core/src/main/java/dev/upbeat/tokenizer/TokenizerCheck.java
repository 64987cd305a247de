package dev.upbeat.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.upbeat.io.BadInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Checks a tokenizer.json before the native library reads it. The library does not check the file: a fault may end the process,
 * and time and memory have no limit. This class accepts the components of public tokenizers with settings whose cost is linear
 * in the text, and rejects everything else.
 */
final class TokenizerCheck {
    /**
     * Limit of a text, in characters: about 125,000 tokens of English. For Chinese text of this length the library
     * needs 1 GB.
     */
    private static final int LONGEST_TEXT = 500_000;

    /** Backtracking steps in one match; the native library ends the process at 10 million. */
    private static final long MOST_STEPS_BACK = 8_000_000;

    private static final int MOST_GROWTH = 64;
    private static final int MOST_COMPONENTS = 100;
    private static final int LONGEST_ADDED_TOKEN = 1000;

    /** The library compares each token with all others: 20,000 took 12 s. */
    private static final int MOST_ADDED_TOKENS = 30_000;

    /** Limit of the characters of all added tokens, after normalization. */
    private static final int MOST_ADDED_CHARACTERS = 1 << 22;

    /**
     * Limit of the vocabulary and of the merges: twice the largest known number. The library needs some 500 bytes for
     * each.
     */
    private static final int MOST_PIECES = 1_000_000;

    private static final Set<String> NORMALIZERS =
            Set.of("NFC", "NFD", "NFKC", "NFKD", "Nmt", "Lowercase", "StripAccents", "Strip", "BertNormalizer");
    private static final Set<String> PRE_TOKENIZERS = Set.of(
            "ByteLevel",
            "Digits",
            "Metaspace",
            "Whitespace",
            "WhitespaceSplit",
            "Punctuation",
            "BertPreTokenizer",
            "CharDelimiterSplit",
            "UnicodeScripts");
    private static final List<String> POST_PROCESSORS =
            List.of("BertProcessing", "ByteLevel", "RobertaProcessing", "TemplateProcessing");
    private static final Set<String> MODELS = Set.of("BPE", "WordLevel");

    private final ObjectNode document;
    private final String source;
    private double growth = 1;
    private int prepended; // characters
    private boolean addsTokens; // whether a post-processor adds tokens
    private long stepsBack = 1;

    private TokenizerCheck(ObjectNode document, String source) {
        this.document = document;
        this.source = source;
    }

    /**
     * Returns the length of the longest text, in characters, that the tokenizer may be given.
     *
     * @throws BadInputException naming the component that is not accepted
     */
    static int longestText(ObjectNode document, String source) {
        TokenizerCheck check = new TokenizerCheck(document, source);
        check.components("normalizer", "normalizers").forEach(check::normalizer);
        check.components("pre_tokenizer", "pretokenizers").forEach(check::preTokenizer);
        check.components("post_processor", "processors").forEach(check::postProcessor);
        check.model();
        check.addedTokens();
        return (int) (Math.min(LONGEST_TEXT, MOST_STEPS_BACK / check.stepsBack) / check.growth);
    }

    /** The parts of a component; a sequence is replaced by its parts. */
    private List<JsonNode> components(String name, String ofSequence) {
        List<JsonNode> parts = new ArrayList<>();
        if (document.hasNonNull(name)) {
            flatten(document.get(name), name, ofSequence, parts);
        }
        return parts;
    }

    private void flatten(JsonNode node, String name, String ofSequence, List<JsonNode> into) {
        if (!node.path("type").asText().equals("Sequence")) {
            into.add(node);
        } else {
            if (!node.path(ofSequence).isArray()) {
                throw bad("a " + name + " Sequence without " + ofSequence, "a list of " + ofSequence);
            }
            node.get(ofSequence).forEach(part -> flatten(part, name, ofSequence, into));
        }
        if (into.size() > MOST_COMPONENTS) {
            throw bad(into.size() + " parts of " + name, "at most " + MOST_COMPONENTS);
        }
    }

    private void normalizer(JsonNode node) {
        String type = node.path("type").asText();
        switch (type) {
            case "Replace" -> {
                long least = pattern(node, "normalizer Replace");
                if (least < 1) {
                    throw bad(
                            "a normalizer Replace with a pattern that matches nothing", "one that matches a character");
                }
                grow((double) text(node, "content").length() / least);
            }
            case "Prepend" -> {
                if (text(node, "prepend").length() > LONGEST_ADDED_TOKEN) {
                    throw bad(
                            "a normalizer Prepend of " + text(node, "prepend").length() + " characters",
                            "at most " + LONGEST_ADDED_TOKEN);
                }
                prepended += text(node, "prepend").length();
            }
            case "ByteLevel" -> grow(4);
            case "Precompiled" -> grow(CharsMap.longestReplacement(text(node, "precompiled_charsmap"), source));
            default -> require(NORMALIZERS, type, "normalizer");
        }
    }

    private void grow(double factor) {
        growth *= Math.max(1, factor);
        if (growth > MOST_GROWTH) {
            throw bad(
                    "normalizers that can make a text " + String.format("%.3g", growth) + " times as long",
                    "at most " + MOST_GROWTH + " times");
        }
    }

    private void preTokenizer(JsonNode node) {
        String type = node.path("type").asText();
        switch (type) {
            case "Split" -> pattern(node, "pre_tokenizer Split");
            case "FixedLength" -> {
                if (node.path("length").asInt(0) < 1) {
                    throw bad("a pre_tokenizer FixedLength of length " + node.path("length"), "at least 1");
                }
            }
            default -> require(PRE_TOKENIZERS, type, "pre_tokenizer");
        }
    }

    /** Fewest characters that the pattern of a Replace or Split matches. */
    private long pattern(JsonNode node, String what) {
        JsonNode pattern = node.path("pattern");
        if (pattern.path("String").isTextual()) {
            return pattern.get("String").textValue().length();
        }
        if (!pattern.path("Regex").isTextual()) {
            throw bad("a " + what + " with pattern " + pattern, "{\"String\": ..} or {\"Regex\": ..}");
        }
        RegexCost.Bound bound = RegexCost.of(pattern.get("Regex").textValue(), source);
        stepsBack = Math.max(stepsBack, bound.stepsBack());
        return bound.minCharacters();
    }

    private void postProcessor(JsonNode node) {
        String type = node.path("type").asText();
        if (type.equals("ByteLevel")) {
            return;
        }
        if (addsTokens) {
            throw bad("a second post_processor that adds tokens, of type " + type, "one");
        }
        addsTokens = true;
        switch (type) {
            case "TemplateProcessing" -> template(node);
            case "BertProcessing", "RobertaProcessing" ->
                List.of("sep", "cls").forEach(name -> tokenId(node.path(name).path(1)));
            default -> throw bad("a post_processor of type " + type, "one of " + POST_PROCESSORS);
        }
    }

    private void template(JsonNode node) {
        for (String name : List.of("single", "pair")) {
            List<String> texts = new ArrayList<>();
            for (JsonNode piece : node.path(name)) {
                if (piece.has("Sequence")) {
                    texts.add(piece.path("Sequence").path("id").asText());
                }
                JsonNode special = piece.path("SpecialToken").path("id");
                if (special.isTextual() && !node.path("special_tokens").has(special.textValue())) {
                    throw bad("a post_processor that adds " + special, "a token of its special_tokens");
                }
            }
            List<String> most = name.equals("single") ? List.of("A") : List.of("A", "B");
            if (texts.size() > most.size()
                    || !most.containsAll(texts)
                    || node.path(name).size() > MOST_COMPONENTS) {
                throw bad("a post_processor with a template " + name + " of the texts " + texts, "of each text once");
            }
        }
        for (JsonNode special : node.path("special_tokens")) {
            int ids = special.path("ids").size();
            if (ids > MOST_COMPONENTS || ids != special.path("tokens").size()) {
                throw bad(
                        "a special_tokens entry of " + ids + " ids and "
                                + special.path("tokens").size() + " tokens",
                        "the same number of both");
            }
            special.path("ids").forEach(this::tokenId);
        }
    }

    private void tokenId(JsonNode id) {
        if (!id.canConvertToInt() || id.asInt() < 0) {
            throw bad("a post_processor that adds the token id " + id, "a whole number from 0 to " + Integer.MAX_VALUE);
        }
    }

    private void model() {
        JsonNode model = document.path("model");
        String type = model.has("type") ? model.path("type").asText() : model.has("merges") ? "BPE" : "";
        require(MODELS, type, "model");
        for (String name : List.of("vocab", "merges")) {
            if (model.path(name).size() > MOST_PIECES) {
                throw bad("a model with " + model.path(name).size() + " " + name, "at most " + MOST_PIECES);
            }
        }
        String prefix = model.path("continuing_subword_prefix").asText("");
        if (type.equals("BPE") && model.hasNonNull("continuing_subword_prefix") && !prefix.isEmpty()) {
            for (JsonNode merge : model.path("merges")) {
                String second = merge.isArray()
                        ? merge.path(1).asText()
                        : merge.asText().substring(merge.asText().indexOf(' ') + 1);
                if (!second.startsWith(prefix)) {
                    throw bad(
                            "a merge " + merge + " beside continuing_subword_prefix " + prefix,
                            "a second part that begins with " + prefix);
                }
            }
        }
    }

    private void addedTokens() {
        double characters = 0;
        if (document.path("added_tokens").size() > MOST_ADDED_TOKENS) {
            throw bad(document.path("added_tokens").size() + " added tokens", "at most " + MOST_ADDED_TOKENS);
        }
        for (JsonNode token : document.path("added_tokens")) {
            int length = token.path("content").asText().length();
            characters += token.path("normalized").asBoolean(true) ? (length + prepended) * growth : length;
            if (length > LONGEST_ADDED_TOKEN || characters > MOST_ADDED_CHARACTERS) {
                throw bad(
                        String.format(
                                Locale.ROOT,
                                "an added token of %d characters (up to %.0f in all so far, as the normalizers make them)",
                                length,
                                characters),
                        "at most " + LONGEST_ADDED_TOKEN + ", " + MOST_ADDED_CHARACTERS + " in all");
            }
        }
    }

    private void require(Set<String> known, String type, String what) {
        if (!known.contains(type)) {
            throw bad(
                    "a " + what + " of type " + type,
                    "one of " + known.stream().sorted().toList());
        }
    }

    private String text(JsonNode node, String key) {
        if (!node.path(key).isTextual()) {
            throw bad("a " + node.path("type").asText() + " with " + key + " " + node.path(key), "a string");
        }
        return node.get(key).textValue();
    }

    private BadInputException bad(String given, String expected) {
        return new BadInputException(source + " has " + given + "; expected " + expected
                + ". Fetch the tokenizer again, or give prompts as token ids.");
    }
}
