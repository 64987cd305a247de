package dev.upbeat.tokenizer;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns the vocabulary pieces of a sequence into the text that each adds, one text a piece, in order. A text is handed
 * out as soon as nothing that follows can change it; joined, the texts are what the tokenizer's decoder makes of the whole
 * sequence.
 */
sealed interface PieceDecoder permits ByteLevelPieces, ByteFallbackPieces, WordPieces {
    /**
     * @param piece null for an id without a piece (a padded row of the embedding), which has no text
     * @return the texts of the earliest pieces without one so far, as far as they are certain
     */
    List<String> push(@Nullable String piece);

    /** The texts of the pieces that are left. */
    List<String> finish();
}
