package dev.upbeat.tokenizer;

import ai.djl.engine.EngineException;
import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.upbeat.io.BadInputException;
import dev.upbeat.json.JsonFields;
import dev.upbeat.trace.StopToken;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A tokenizer that runs a tokenizer.json in Hugging Face's Rust library through DJL's bindings, so its ids are those of
 * transformers. Differs from DJL's defaults: never truncates (DJL: at 512 tokens), never pads, says for each call
 * whether special tokens are added, and never connects to a network. Decoding never "cleans up" spaces, so that text
 * survives the round trip. Thread-safe until it is closed.
 */
public final class HfTokenizer implements Tokenizer {
    private static final int LONGEST_SHOWN = 100;

    /**
     * Longest text, in characters, that is encoded without a time limit: with any accepted pattern it takes seconds at
     * most.
     */
    private static final int UNWATCHED_TEXT = 2000;

    private static final Map<String, String> OPTIONS = Map.of("truncation", "false", "padding", "false");

    static {
        // Loading a tokenizer makes DJL ask the cloud's metadata address for the machine's instance, and, on a machine
        // with CUDA, fetch a CUDA build of the tokenizer. Settings of the user take precedence.
        for (String property : List.of("OPT_OUT_TRACKING", "ai.djl.offline")) {
            if (System.getProperty(property) == null) {
                System.setProperty(property, "true");
            }
        }
    }

    private final HuggingFaceTokenizer bindings;
    private final Vocabulary vocabulary;
    private final @Nullable StopToken eos;
    private final int longestText;
    private final TimeLimit timeLimit = new TimeLimit();

    private HfTokenizer(
            HuggingFaceTokenizer bindings, Vocabulary vocabulary, @Nullable StopToken eos, int longestText) {
        this.bindings = bindings;
        this.vocabulary = vocabulary;
        this.eos = eos;
        this.longestText = longestText;
    }

    /**
     * The tokenizer of a Hugging Face directory: tokenizer.json and the tokens that only the files beside it declare.
     *
     * @throws BadInputException if tokenizer.json is missing, or a file cannot be used
     */
    public static HfTokenizer fromFolder(Path folder) {
        return of(TokenizerFiles.inFolder(folder));
    }

    /**
     * The tokenizer of files in memory.
     *
     * @param files by name, tokenizer.json among them
     * @throws BadInputException if a file cannot be used
     */
    public static HfTokenizer fromFiles(Map<String, byte[]> files) {
        return of(TokenizerFiles.of(files));
    }

    /**
     * @param json the content of a tokenizer.json
     * @param source name of the document in messages
     * @throws BadInputException if it is not a supported tokenizer.json
     */
    public static HfTokenizer fromJson(String json, String source) {
        return of(TokenizerFiles.ofJson(json, source));
    }

    private static HfTokenizer of(TokenizerFiles files) {
        ObjectNode document = AddedTokens.merged(files);
        Vocabulary vocabulary = Vocabulary.of(document, files.source());
        int longestText = TokenizerCheck.longestText(document, files.source());
        HfTokenizer tokenizer = new HfTokenizer(
                bindings(document.toString(), files.source()), vocabulary, eos(files, vocabulary), longestText);
        try {
            tokenizer.requireStatedIds(document.path("added_tokens"), files.source());
        } catch (BadInputException e) {
            tokenizer.close();
            throw e;
        }
        return tokenizer;
    }

    private static @Nullable StopToken eos(TokenizerFiles files, Vocabulary vocabulary) {
        TokenizerFiles.Declared declared = files.special("eos_token");
        if (declared == null) {
            return null;
        }
        JsonNode value = declared.value();
        String token = (value.isObject() ? value.path("content") : value).asText();
        Integer id = vocabulary.id(token);
        return id == null ? null : new StopToken(id, token, List.of(declared.file() + " eos_token"));
    }

    /** The end-of-text token of the tokenizer's own settings; null if they name none. */
    public @Nullable StopToken eos() {
        return eos;
    }

    /**
     * The end-of-text tokens in the files of a tokenizer: {@code eos_token_id} of generation_config.json, then {@link #eos}.
     *
     * @param files this tokenizer's, as for {@link #fromFiles}
     */
    public List<StopToken> stopTokens(Map<String, byte[]> files) {
        StopTokens stops = new StopTokens();
        byte[] generation = files.get(StopTokens.GENERATION_FILE);
        if (generation != null) {
            stops.addGeneration(JsonFields.of(generation, StopTokens.GENERATION_FILE + " beside the tokenizer"));
        }
        return stops.tokens(this, vocabularySize());
    }

    /** The vocabulary's spelling of an id; null for an id without one. */
    @Nullable
    public String piece(int id) {
        return vocabulary.piece(id);
    }

    /** Rejects added tokens whose ids do not continue the vocabulary, because the library would number them itself. */
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
            throw e; // the native library cannot be loaded: not the document's fault
        } catch (IOException | RuntimeException e) {
            throw new BadInputException(
                    source + " is not a tokenizer that Hugging Face's library can read: " + e.getMessage(), e);
        }
    }

    /**
     * @throws BadInputException if the text has an unpaired surrogate, or a word that a word-level tokenizer does not
     *     know, or is too long for the tokenizer, or takes too much time
     */
    @Override
    public int[] encode(String text, boolean addSpecialTokens) {
        requireWellFormed(text);
        if (text.length() > longestText) {
            throw new BadInputException("the text " + shown(text) + " has " + text.length() + " characters, expected at"
                    + " most " + longestText + " for this tokenizer. Shorten it, or give token ids.");
        }
        Encoding encoding;
        try {
            encoding = text.length() <= UNWATCHED_TEXT
                    ? bindings.encode(text, addSpecialTokens, false)
                    : timeLimit.call(() -> bindings.encode(text, addSpecialTokens, false), "encoding " + shown(text));
        } catch (BadInputException e) {
            throw e;
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

    /** Returns the growing text of one sequence of generated ids. */
    public StreamingText stream() {
        return new StreamingText(vocabulary, vocabulary.decoder());
    }

    @Override
    public int vocabularySize() {
        return vocabulary.size();
    }

    @Override
    public void close() {
        if (!timeLimit.exceeded()) { // else unfinished work would use freed memory
            bindings.close();
        }
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
