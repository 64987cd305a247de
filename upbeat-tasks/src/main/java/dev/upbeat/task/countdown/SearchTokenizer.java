package dev.upbeat.task.countdown;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The bundled model's tokenizer as Hugging Face's files. A text is cut into runs of digits, runs of letters, line breaks
 * and single signs; spaces only separate them. Decoding puts one space between words and none beside a line break. A word that
 * is not in the vocabulary is an error, not an unknown token.
 */
public final class SearchTokenizer {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final List<Integer> SPECIAL = List.of(SearchWords.PAD, SearchWords.BOS, SearchWords.EOS);

    private SearchTokenizer() {}

    /** The files beside the weights, by name: tokenizer.json, tokenizer_config.json, generation_config.json. */
    public static Map<String, String> files() {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("tokenizer.json", text(tokenizer()));
        files.put("tokenizer_config.json", text(tokenizerConfig()));
        files.put("generation_config.json", text(generationConfig()));
        return files;
    }

    private static String text(ObjectNode json) {
        return json.toPrettyString() + "\n";
    }

    private static ObjectNode tokenizer() {
        ObjectNode json = JSON.objectNode();
        json.put("version", "1.0");
        json.putNull("truncation");
        json.putNull("padding");
        ArrayNode added = json.putArray("added_tokens");
        SPECIAL.forEach(id -> added.add(special(id)));
        json.putNull("normalizer");
        json.putObject("pre_tokenizer")
                .put("type", "Split")
                .put("behavior", "Removed")
                .put("invert", true) // matches are kept, text between them is dropped
                .putObject("pattern")
                .put("Regex", "[0-9]+|[a-z]+|\\n|[^0-9a-z\\s]");
        json.set("post_processor", beginningOfText());
        json.set("decoder", decoder());
        ObjectNode model = json.putObject("model").put("type", "WordLevel");
        ObjectNode vocabulary = model.putObject("vocab");
        SearchWords.all().forEach(word -> vocabulary.put(word, vocabulary.size()));
        model.put("unk_token", "<unk>"); // not in the vocabulary: an unknown word is refused
        return json;
    }

    private static ObjectNode special(int id) {
        return JSON.objectNode()
                .put("id", id)
                .put("content", SearchWords.all().get(id))
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", false)
                .put("special", true);
    }

    /** {@code <bos>} before each text. */
    private static ObjectNode beginningOfText() {
        String bos = SearchWords.all().get(SearchWords.BOS);
        ObjectNode json = JSON.objectNode().put("type", "TemplateProcessing");
        ArrayNode single = json.putArray("single");
        single.addObject().putObject("SpecialToken").put("id", bos).put("type_id", 0);
        single.addObject().putObject("Sequence").put("id", "A").put("type_id", 0);
        ArrayNode pair = single.deepCopy();
        pair.addObject().putObject("Sequence").put("id", "B").put("type_id", 0);
        json.set("pair", pair);
        ObjectNode token = json.putObject("special_tokens").putObject(bos).put("id", bos);
        token.putArray("ids").add(SearchWords.BOS);
        token.putArray("tokens").add(bos);
        return json;
    }

    /** Words joined by spaces (WordPiece without its clean-up), then no space beside a line break. */
    private static ObjectNode decoder() {
        ObjectNode json = JSON.objectNode().put("type", "Sequence");
        ArrayNode decoders = json.putArray("decoders");
        decoders.addObject().put("type", "WordPiece").put("prefix", "##").put("cleanup", false);
        decoders.addObject().put("type", "Fuse");
        decoders.addObject()
                .put("type", "Replace")
                .put("content", "\n")
                .putObject("pattern")
                .put("Regex", " ?\\n ?");
        return json;
    }

    private static ObjectNode tokenizerConfig() {
        return JSON.objectNode()
                .put("tokenizer_class", "PreTrainedTokenizerFast")
                .put("pad_token", SearchWords.all().get(SearchWords.PAD))
                .put("bos_token", SearchWords.all().get(SearchWords.BOS))
                .put("eos_token", SearchWords.all().get(SearchWords.EOS))
                .put("clean_up_tokenization_spaces", false);
    }

    private static ObjectNode generationConfig() {
        return JSON.objectNode()
                .put("pad_token_id", SearchWords.PAD)
                .put("bos_token_id", SearchWords.BOS)
                .put("eos_token_id", SearchWords.EOS);
    }
}
