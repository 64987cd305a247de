package dev.upbeat.tokenizer;

/**
 * The text of ids as they are generated: each id gives the text that it makes certain. A character whose bytes are
 * spread over several tokens appears, whole, with the last of them. Special tokens are written out. Holds at most the
 * tokens of the character (or of the run of byte tokens) under way. Get one a sequence from {@link HfTokenizer#stream}.
 */
public final class StreamingText {
    private final Vocabulary vocabulary;
    private final PieceDecoder decoder;

    StreamingText(Vocabulary vocabulary, PieceDecoder decoder) {
        this.vocabulary = vocabulary;
        this.decoder = decoder;
    }

    /** The text that is certain now and was not before; may be empty. */
    public String push(int id) {
        return String.join("", decoder.push(vocabulary.piece(id)));
    }

    /** What is left at the end of the sequence: U+FFFD where it ends inside a character. */
    public String finish() {
        return String.join("", decoder.finish());
    }
}
