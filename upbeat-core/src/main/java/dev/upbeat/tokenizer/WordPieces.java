package dev.upbeat.tokenizer;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decodes whole words (WordLevel, as in the bundled model): a space before each word except the first, none beside a
 * line break. A piece that begins with {@code ##} continues the word before it. Pieces hold no spaces of their own.
 */
final class WordPieces implements PieceDecoder {
    static final String CONTINUATION = "##";

    private boolean first = true;
    private boolean afterLineBreak;

    @Override
    public List<String> push(@Nullable String piece) {
        if (piece == null) {
            return List.of("");
        }
        boolean continues = !first && piece.startsWith(CONTINUATION);
        String text = continues ? piece.substring(CONTINUATION.length()) : piece;
        boolean spaced = !first && !continues && !afterLineBreak && !text.startsWith("\n");
        first = false;
        afterLineBreak = text.endsWith("\n");
        return List.of(spaced ? " " + text : text);
    }

    @Override
    public List<String> finish() {
        return List.of();
    }
}
