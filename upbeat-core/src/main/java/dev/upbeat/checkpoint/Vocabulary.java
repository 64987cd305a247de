package dev.upbeat.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import dev.upbeat.io.BadInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The pieces of a tokenizer.json document by id, added tokens included, and the way they are decoded. */
final class Vocabulary {
    /** Ids index an array: a document that claims a larger one is refused before the array is made. */
    private static final int LARGEST_ID = 1 << 24;

    private final @Nullable String[] pieces;
    private final boolean byteLevel;
    private final boolean stripsFirstSpace;

    private Vocabulary(@Nullable String[] pieces, boolean byteLevel, boolean stripsFirstSpace) {
        this.pieces = pieces;
        this.byteLevel = byteLevel;
        this.stripsFirstSpace = stripsFirstSpace;
    }

    /** @throws BadInputException if the document has no BPE vocabulary or a decoder other than the two known ones */
    static Vocabulary of(JsonNode document, String source) {
        JsonNode vocab = document.path("model").path("vocab");
        if (!vocab.isObject()) {
            throw new BadInputException(source + " has no model.vocab object (model type "
                    + document.path("model").path("type") + "): expected a BPE tokenizer.json");
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

        List<String> decoders = decoders(document.path("decoder"));
        if (decoders.equals(List.of("ByteLevel"))) {
            return new Vocabulary(pieces, true, false);
        }
        List<String> byteFallback = List.of("Replace ▁ by space", "ByteFallback", "Fuse");
        List<String> byteFallbackStrip = List.of("Replace ▁ by space", "ByteFallback", "Fuse", "Strip first space");
        if (decoders.equals(byteFallback) || decoders.equals(byteFallbackStrip)) {
            return new Vocabulary(pieces, false, decoders.equals(byteFallbackStrip));
        }
        throw new BadInputException("the decoder of " + source + " is " + decoders + ": expected [ByteLevel], or "
                + byteFallback + " with or without [Strip first space]");
    }

    /** Null for an id without a piece, a padded row of the embedding say. */
    @Nullable
    String piece(int id) {
        requireId(id);
        return id < pieces.length ? pieces[id] : null;
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
        return byteLevel ? new ByteLevelPieces() : new ByteFallbackPieces(stripsFirstSpace);
    }

    private static int id(JsonNode id, String source) {
        if (!id.canConvertToInt() || id.asInt() < 0 || id.asInt() > LARGEST_ID) {
            throw new BadInputException(
                    source + " gives a token the id " + id + ": expected a whole number from 0 to " + LARGEST_ID);
        }
        return id.asInt();
    }

    /** The decoder's steps by name; a step whose settings are not the usual ones keeps them in its name. */
    private static List<String> decoders(JsonNode decoder) {
        List<String> names = new ArrayList<>();
        for (JsonNode step : decoder.has("decoders") ? decoder.path("decoders") : List.of(decoder)) {
            String type = step.path("type").asText();
            boolean spaceForUnderline =
                    step.path("pattern").path("String").asText().equals("▁")
                            && step.path("content").asText().equals(" ");
            boolean firstSpace = step.path("content").asText().equals(" ")
                    && step.path("start").asInt() == 1
                    && step.path("stop").asInt() == 0;
            if (type.equals("Replace") && spaceForUnderline) {
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
