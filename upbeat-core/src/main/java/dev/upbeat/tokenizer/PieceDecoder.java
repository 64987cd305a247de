package dev.upbeat.tokenizer;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the vocabulary pieces of a sequence to one text per piece, in order. A text is returned as soon as no later
 * piece can change it; the joined texts equal the tokenizer's decoding of the whole sequence.
 */
sealed interface PieceDecoder permits ByteLevelPieces, ByteFallbackPieces, WordPieces {
    /**
     * @param piece null for an id without a piece (a padded row of the embedding), which has no text
     * @return the texts that are now certain, in the order of their pieces, each returned once
     */
    List<String> push(@Nullable String piece);

    /** The texts of the remaining pieces. */
    List<String> finish();
}
