package dev.upbeat.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.upbeat.io.BadInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The pieces of a tokenizer.json document by id, added tokens included, and the way they are decoded. */
final class Vocabulary {
    /** Largest accepted id. Ids index an array, which must not be allocated for a damaged document. */
    private static final int LARGEST_ID = 1 << 24;

    private static final List<String> BYTE_LEVEL = List.of("ByteLevel");
    private static final List<String> BYTE_FALLBACK = List.of("Replace ▁ by space", "ByteFallback", "Fuse");
    private static final List<String> BYTE_FALLBACK_STRIP =
            List.of("Replace ▁ by space", "ByteFallback", "Fuse", "Strip first space");
    private static final int LONGEST_SHOWN = 300;
    private static final List<String> WORDS = List.of("WordPiece ##", "Fuse", "Trim line breaks");

    private final @Nullable String[] pieces;
    private final Supplier<PieceDecoder> decoders;

    private Vocabulary(@Nullable String[] pieces, Supplier<PieceDecoder> decoders) {
        this.pieces = pieces;
        this.decoders = decoders;
    }

    /** @throws BadInputException if the document has no vocabulary by name or a decoder other than the known ones */
    static Vocabulary of(JsonNode document, String source) {
        JsonNode vocab = document.path("model").path("vocab");
        if (!vocab.isObject()) {
            throw new BadInputException(source + " has no model.vocab object (model type "
                    + document.path("model").path("type") + "): expected a BPE or WordLevel tokenizer.json");
        }
        List<Map.Entry<String, Integer>> entries = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : vocab.properties()) {
            entries.add(Map.entry(entry.getKey(), id(entry.getValue(), source)));
        }
        for (JsonNode added : document.path("added_tokens")) {
            entries.add(Map.entry(added.path("content").asText(), id(added.path("id"), source)));
        }
        int size = entries.stream().mapToInt(Map.Entry::getValue).max().orElse(-1) + 1;
        @Nullable String[] pieces = new @Nullable String[size];
        entries.forEach(entry -> pieces[entry.getValue()] = entry.getKey());

        return new Vocabulary(pieces, decoder(steps(document.path("decoder")), source));
    }

    private static Supplier<PieceDecoder> decoder(List<String> steps, String source) {
        if (steps.equals(BYTE_LEVEL)) {
            return ByteLevelPieces::new;
        }
        if (steps.equals(BYTE_FALLBACK) || steps.equals(BYTE_FALLBACK_STRIP)) {
            return () -> new ByteFallbackPieces(steps.equals(BYTE_FALLBACK_STRIP));
        }
        if (steps.equals(WORDS)) {
            return WordPieces::new;
        }
        String given = steps.toString();
        throw new BadInputException("the decoder of " + source + " is "
                + (given.length() > LONGEST_SHOWN ? given.substring(0, LONGEST_SHOWN) + " .." : given) + ": expected "
                + BYTE_LEVEL + ", or "
                + BYTE_FALLBACK + " with or without [Strip first space], or " + WORDS);
    }

    /** The piece of an id; null if it has none, such as a padded row of the embedding. */
    @Nullable
    String piece(int id) {
        requireId(id);
        return id < pieces.length ? pieces[id] : null;
    }

    /** The id of a piece; null if there is none. */
    @Nullable
    Integer id(String piece) {
        int id = Arrays.asList(pieces).indexOf(piece);
        return id < 0 ? null : id;
    }

    static void requireId(int id) {
        if (id < 0) {
            throw new BadInputException("token id " + id + " is negative: expected 0 or more");
        }
    }

    int size() {
        return pieces.length;
    }

    /** A decoder for one sequence. */
    PieceDecoder decoder() {
        return decoders.get();
    }

    private static int id(JsonNode id, String source) {
        if (!id.canConvertToInt() || id.asInt() < 0 || id.asInt() > LARGEST_ID) {
            throw new BadInputException(
                    source + " gives a token the id " + id + ": expected a whole number from 0 to " + LARGEST_ID);
        }
        return id.asInt();
    }

    /** Names of the decoder's steps; an unsupported step is named by its JSON. */
    private static List<String> steps(JsonNode decoder) {
        List<String> names = new ArrayList<>();
        boolean sequence = decoder.path("type").asText().equals("Sequence"); // else the library reads no decoders
        for (JsonNode step : sequence ? decoder.path("decoders") : List.of(decoder)) {
            String type = step.path("type").asText();
            boolean spaceForUnderline =
                    step.path("pattern").path("String").asText().equals("▁")
                            && step.path("content").asText().equals(" ");
            boolean firstSpace = step.path("content").asText().equals(" ")
                    && step.path("start").asInt() == 1
                    && step.path("stop").asInt() == 0;
            boolean trimsLineBreaks =
                    step.path("pattern").path("Regex").asText().equals(" ?\\n ?")
                            && step.path("content").asText().equals("\n");
            boolean continuations = step.path("prefix").asText().equals(WordPieces.CONTINUATION)
                    && !step.path("cleanup").asBoolean(true);
            if (type.equals("Replace") && trimsLineBreaks) {
                names.add("Trim line breaks");
            } else if (type.equals("WordPiece") && continuations) {
                names.add("WordPiece ##");
            } else if (type.equals("Replace") && spaceForUnderline) {
                names.add("Replace ▁ by space");
            } else if (type.equals("Strip") && firstSpace) {
                names.add("Strip first space");
            } else {
                names.add(List.of("ByteLevel", "ByteFallback", "Fuse").contains(type) ? type : step.toString());
            }
        }
        return names;
    }
}
