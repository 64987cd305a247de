package dev.upbeat.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.upbeat.io.BadInputException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The added tokens of a tokenizer as transformers 5 has them: those of tokenizer.json, and those that only the files
 * beside it declare ({@code added_tokens_decoder}, special tokens by name, {@code extra_special_tokens} or
 * {@code additional_special_tokens}; without an {@code added_tokens_decoder} also special_tokens_map.json and
 * added_tokens.json). A new token gets the next free id, even if another id was declared; a token declared twice keeps
 * its id and takes the later flags.
 */
final class AddedTokens {
    static final String DECODER = "added_tokens_decoder";
    private static final String EXTRA = "extra_special_tokens";
    private static final String ADDITIONAL = "additional_special_tokens";
    private static final List<String> NAMED =
            List.of("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token");

    private final TokenizerFiles files;
    private final Map<String, Token> declared = new LinkedHashMap<>(); // in transformers' order
    private final Set<String> known = new LinkedHashSet<>();

    /**
     * A token with its flags. As in the tokenizers library, a special token is not normalized unless a file says so.
     */
    private record Token(
            String content, boolean special, boolean normalized, boolean lstrip, boolean rstrip, boolean word) {
        static Token special(String content) {
            return new Token(content, true, false, false, false, false);
        }

        Token asSpecial() {
            return new Token(content, true, normalized, lstrip, rstrip, word);
        }

        ObjectNode json(int id) {
            return JsonNodeFactory.instance
                    .objectNode()
                    .put("id", id)
                    .put("content", content)
                    .put("single_word", word)
                    .put("lstrip", lstrip)
                    .put("rstrip", rstrip)
                    .put("normalized", normalized)
                    .put("special", special);
        }
    }

    private AddedTokens(TokenizerFiles files) {
        this.files = files;
    }

    /**
     * Returns tokenizer.json with all added tokens; the same object if nothing is new.
     *
     * @throws BadInputException if a declaration is malformed
     */
    static ObjectNode merged(TokenizerFiles files) {
        AddedTokens tokens = new AddedTokens(files);
        tokens.collect();
        return tokens.document();
    }

    private void collect() {
        files.tokenizer()
                .path("added_tokens")
                .forEach(token -> known.add(token.path("content").asText()));
        Map<String, JsonNode> named = named();
        List<JsonNode> extra = extra();
        numbered(named, extra).values().forEach(token -> {
            known.add(token.content());
            boolean special =
                    named.values().stream().anyMatch(value -> content(value).equals(token.content()));
            declared.put(token.content(), special ? token.asSpecial() : token);
        });
        named.values().forEach(value -> declareNew(token(value, true).asSpecial()));
        extra.forEach(value -> declareNew(token(value, true)));
    }

    private void declareNew(Token token) {
        if (known.add(token.content())) {
            declared.put(token.content(), token);
        }
    }

    /** Special tokens by name: the usual names first, then a model's own ones (image_token) in the file's order. */
    private Map<String, JsonNode> named() {
        Map<String, JsonNode> all = new LinkedHashMap<>();
        if (files.config() != null) {
            putNamed(files.config(), all);
        }
        if (files.legacy() && files.specialTokensMap() != null) {
            putNamed(files.specialTokensMap(), all);
        }
        Map<String, JsonNode> ordered = new LinkedHashMap<>();
        NAMED.stream().filter(all::containsKey).forEach(name -> ordered.put(name, all.get(name)));
        ordered.putAll(all);
        return ordered;
    }

    private static void putNamed(ObjectNode from, Map<String, JsonNode> into) {
        for (Map.Entry<String, JsonNode> entry : from.properties()) {
            boolean text = entry.getValue().isTextual() || entry.getValue().has("content");
            if (entry.getKey().endsWith("_token") && text) {
                into.put(entry.getKey(), entry.getValue());
            } else if (entry.getKey().equals(EXTRA) && entry.getValue().isObject()) {
                entry.getValue().properties().forEach(each -> into.put(each.getKey(), each.getValue()));
            }
        }
    }

    /** Special tokens without names: {@code extra_special_tokens}, else the older {@code additional_special_tokens}. */
    private List<JsonNode> extra() {
        List<JsonNode> extra = list(files.config(), EXTRA);
        List<JsonNode> additional = list(files.config(), ADDITIONAL);
        boolean settled = !extra.isEmpty();
        if (!settled && !additional.isEmpty() && !hasObject(files.config(), EXTRA)) {
            extra = additional;
            settled = true;
        }
        if (files.legacy() && files.specialTokensMap() != null) {
            List<JsonNode> further = list(files.specialTokensMap(), EXTRA);
            extra.addAll(further);
            settled |= !further.isEmpty();
            additional =
                    files.specialTokensMap().has(ADDITIONAL) ? list(files.specialTokensMap(), ADDITIONAL) : additional;
        }
        return settled ? extra : additional;
    }

    private static boolean hasObject(@Nullable ObjectNode from, String key) {
        return from != null && from.path(key).isObject() && !from.path(key).isEmpty();
    }

    private static List<JsonNode> list(@Nullable ObjectNode from, String key) {
        List<JsonNode> values = new ArrayList<>();
        if (from != null && from.path(key).isArray()) {
            from.path(key).forEach(values::add);
        }
        return values;
    }

    /** Tokens declared with an id, by id. */
    private TreeMap<Integer, Token> numbered(Map<String, JsonNode> named, List<JsonNode> extra) {
        TreeMap<Integer, Token> byId = new TreeMap<>();
        if (!files.legacy() && files.config() != null) {
            for (Map.Entry<String, JsonNode> entry : object(files.config().path(DECODER), DECODER)) {
                byId.put(id(entry.getKey()), token(entry.getValue(), false));
            }
            return byId;
        }
        if (files.addedTokens() != null) {
            Set<String> special = new LinkedHashSet<>();
            named.values().forEach(value -> special.add(content(value)));
            extra.forEach(value -> special.add(content(value)));
            for (Map.Entry<String, JsonNode> entry : object(files.addedTokens(), TokenizerFiles.ADDED_TOKENS)) {
                boolean isSpecial = special.contains(entry.getKey());
                byId.put(
                        id(entry.getValue().asText()),
                        new Token(entry.getKey(), isSpecial, !isSpecial, false, false, false));
            }
        }
        for (JsonNode token : files.tokenizer().path("added_tokens")) {
            byId.put(id(token.path("id").asText()), token(token, false));
        }
        return byId;
    }

    private Set<Map.Entry<String, JsonNode>> object(JsonNode node, String what) {
        if (node instanceof ObjectNode object) {
            return object.properties();
        }
        throw wrong(what + " " + node, "an object");
    }

    private int id(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw wrong("a token of id " + text, "a whole number");
        }
    }

    private String content(JsonNode value) {
        JsonNode content = value.isObject() ? value.path("content") : value;
        if (!content.isTextual()) {
            throw wrong("a token " + value, "a string or an object with content");
        }
        return content.textValue();
    }

    private Token token(JsonNode value, boolean specialByDefault) {
        String content = content(value);
        boolean special = value.path("special").asBoolean(specialByDefault);
        return new Token(
                content,
                special,
                value.path("normalized").asBoolean(!special),
                value.path("lstrip").asBoolean(false),
                value.path("rstrip").asBoolean(false),
                value.path("single_word").asBoolean(false));
    }

    private BadInputException wrong(String given, String expected) {
        return new BadInputException("the files beside " + files.source() + " have " + given + ", expected " + expected
                + ". Fetch the tokenizer again.");
    }

    private ObjectNode document() {
        JsonNode vocabulary = files.tokenizer().path("model").path("vocab");
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        Map<String, Integer> ids = new HashMap<>();
        int largest = -1;
        for (JsonNode token : files.tokenizer().path("added_tokens")) {
            Token later = declared.remove(token.path("content").asText());
            int id = token.path("id").asInt();
            ids.put(token.path("content").asText(), id);
            largest = Math.max(largest, id);
            all.add(later == null ? token : later.json(id));
        }
        for (Token token : declared.values()) {
            if (!token.content().isEmpty()) {
                JsonNode inVocabulary = vocabulary.path(token.content());
                int id = inVocabulary.isInt() ? inVocabulary.intValue() : Math.max(largest + 1, vocabulary.size());
                largest = Math.max(largest, id);
                all.add(token.json(id));
            }
        }
        if (all.equals(files.tokenizer().get("added_tokens"))) {
            return files.tokenizer();
        }
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.setAll(files.tokenizer());
        document.set("added_tokens", all);
        return document;
    }
}
