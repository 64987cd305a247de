package dev.upbeat.tokenizer;

import java.util.List;

/** Text to token ids and back. */
public interface Tokenizer extends AutoCloseable {
    /**
     * @param addSpecialTokens whether the tokenizer's own special tokens (such as BOS) are added to the text; special
     *     tokens written in the text are always recognised
     */
    int[] encode(String text, boolean addSpecialTokens);

    /** The text of the ids, special tokens written out unless {@code skipSpecialTokens}. */
    String decode(int[] ids, boolean skipSpecialTokens);

    /**
     * The text that each id adds, special tokens written out, [ids.length]; joined they are {@code decode(ids, false)}. A
     * character whose bytes are spread over several tokens belongs to the token that completes it.
     */
    List<String> tokenTexts(int[] ids);

    /** One more than the largest id. */
    int vocabularySize();

    @Override
    void close();
}
