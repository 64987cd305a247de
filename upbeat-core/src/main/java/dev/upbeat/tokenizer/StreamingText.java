package dev.upbeat.tokenizer;

/**
 * Streams the text of generated ids: each id returns the text that is certain after it. A character whose bytes are
 * spread over several tokens appears with the last of them. Special tokens are written out. Holds at most the tokens of
 * an incomplete character (or of a run of byte tokens). {@link HfTokenizer#stream} creates one for a sequence.
 */
public final class StreamingText {
    private final Vocabulary vocabulary;
    private final PieceDecoder decoder;

    StreamingText(Vocabulary vocabulary, PieceDecoder decoder) {
        this.vocabulary = vocabulary;
        this.decoder = decoder;
    }

    /** Adds an id and returns the text that it makes certain, which may be empty. */
    public String push(int id) {
        return String.join("", decoder.push(vocabulary.piece(id)));
    }

    /** Returns the rest at the end of the sequence: U+FFFD if it ends inside a character. */
    public String finish() {
        return String.join("", decoder.finish());
    }
}
