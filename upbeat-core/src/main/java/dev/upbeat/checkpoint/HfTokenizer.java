package dev.upbeat.checkpoint;

import ai.djl.engine.EngineException;
import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.upbeat.io.BadInputException;
import dev.upbeat.io.ParseFault;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A tokenizer.json, tokenised by Hugging Face's own Rust library through DJL's bindings: the ids are those of
 * transformers. Differs from DJL's defaults: never truncates (DJL: at 512 tokens), never pads, says for each call whether
 * special tokens are added, and never calls out. Decoding never "cleans up" spaces, so that text survives the round trip.
 * Safe for use by several threads until it is closed.
 */
public final class HfTokenizer implements Tokenizer {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long LARGEST_FILE_BYTES = 512L << 20;
    private static final int LONGEST_SHOWN = 100;
    private static final Map<String, String> OPTIONS = Map.of("truncation", "false", "padding", "false");

    static {
        // Loading a tokenizer makes DJL ask the cloud's metadata address for the machine's instance, and, on a machine
        // with CUDA, fetch a CUDA build of the tokenizer. A user's own setting of either is left alone.
        for (String property : List.of("OPT_OUT_TRACKING", "ai.djl.offline")) {
            if (System.getProperty(property) == null) {
                System.setProperty(property, "true");
            }
        }
    }

    private final HuggingFaceTokenizer bindings;
    private final Vocabulary vocabulary;

    private HfTokenizer(HuggingFaceTokenizer bindings, Vocabulary vocabulary) {
        this.bindings = bindings;
        this.vocabulary = vocabulary;
    }

    /** @throws BadInputException if the file is missing or is not a tokenizer.json that can be used */
    public static HfTokenizer fromFile(Path tokenizerJson) {
        try {
            long bytes = Files.size(tokenizerJson);
            if (bytes > LARGEST_FILE_BYTES) {
                throw new BadInputException(tokenizerJson + " has " + bytes
                        + " bytes: expected a tokenizer.json of at most " + LARGEST_FILE_BYTES);
            }
            return fromJson(Files.readString(tokenizerJson), tokenizerJson.toString());
        } catch (NoSuchFileException e) {
            throw new BadInputException("no tokenizer at " + tokenizerJson + ": expected a tokenizer.json file", e);
        } catch (CharacterCodingException e) {
            throw new BadInputException(tokenizerJson + " is not UTF-8 text: expected a tokenizer.json file", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * @param json the content of a tokenizer.json
     * @param source what messages call the document
     * @throws BadInputException if it is not a tokenizer.json that can be used
     */
    public static HfTokenizer fromJson(String json, String source) {
        JsonNode document;
        try {
            document = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new BadInputException(
                    source + " is not JSON (" + ParseFault.placed(e) + "): expected the content of a tokenizer.json",
                    e);
        }
        Vocabulary vocabulary = Vocabulary.of(document, source);
        HfTokenizer tokenizer = new HfTokenizer(bindings(json, source), vocabulary);
        try {
            tokenizer.requireStatedIds(document.path("added_tokens"), source);
        } catch (BadInputException e) {
            tokenizer.close();
            throw e;
        }
        return tokenizer;
    }

    /** The library numbers added tokens itself where their stated ids do not continue the vocabulary. */
    private void requireStatedIds(JsonNode addedTokens, String source) {
        for (JsonNode added : addedTokens) {
            int[] ids = encode(added.path("content").asText(), false);
            if (ids.length != 1 || ids[0] != added.path("id").asInt()) {
                throw new BadInputException(source + " gives the added token " + added.path("content") + " the id "
                        + added.path("id") + ", but Hugging Face's library reads it as " + Arrays.toString(ids)
                        + ": expected the ids of added tokens to continue those of the vocabulary");
            }
        }
    }

    private static HuggingFaceTokenizer bindings(String json, String source) {
        try {
            return HuggingFaceTokenizer.newInstance(
                    new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)), OPTIONS);
        } catch (EngineException e) {
            throw e; // the native library does not load here: no fault of the document
        } catch (IOException | RuntimeException e) {
            throw new BadInputException(
                    source + " is not a tokenizer that Hugging Face's library reads: " + e.getMessage(), e);
        }
    }

    /**
     * @throws BadInputException if the text has a surrogate without its partner, which is no character, or a word that a
     *     tokenizer of words does not know
     */
    @Override
    public int[] encode(String text, boolean addSpecialTokens) {
        requireWellFormed(text);
        Encoding encoding;
        try {
            encoding = bindings.encode(text, addSpecialTokens, false);
        } catch (RuntimeException e) {
            throw new BadInputException(
                    "the tokenizer cannot encode " + shown(text) + " (" + e.getMessage()
                            + "): expected words of its vocabulary, " + vocabulary.size() + " in all",
                    e);
        }
        return Arrays.stream(encoding.getIds()).mapToInt(Math::toIntExact).toArray();
    }

    private static String shown(String text) {
        return text.length() <= LONGEST_SHOWN ? "\"" + text + "\"" : "\"" + text.substring(0, LONGEST_SHOWN) + " ..\"";
    }

    /** Ids without a piece (padded rows of the embedding) have no text, as in transformers. */
    @Override
    public String decode(int[] ids, boolean skipSpecialTokens) {
        for (int id : ids) {
            Vocabulary.requireId(id);
        }
        return bindings.decode(Arrays.stream(ids).mapToLong(id -> id).toArray(), skipSpecialTokens);
    }

    @Override
    public List<String> tokenTexts(int[] ids) {
        PieceDecoder decoder = vocabulary.decoder();
        List<String> texts = new ArrayList<>(ids.length);
        for (int id : ids) {
            texts.addAll(decoder.push(vocabulary.piece(id)));
        }
        texts.addAll(decoder.finish());
        return texts;
    }

    /** For one sequence of generated ids, to show its text as it grows. */
    public StreamingText stream() {
        return new StreamingText(vocabulary, vocabulary.decoder());
    }

    @Override
    public int vocabularySize() {
        return vocabulary.size();
    }

    @Override
    public void close() {
        bindings.close();
    }

    private static void requireWellFormed(String text) {
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            if (Character.isSurrogate(text.charAt(i)) && !Character.isSupplementaryCodePoint(text.codePointAt(i))) {
                throw new BadInputException(String.format(
                        "the text has half a character, the lone surrogate U+%04X, at index %d: expected Unicode text",
                        (int) text.charAt(i), i));
            }
        }
    }
}
