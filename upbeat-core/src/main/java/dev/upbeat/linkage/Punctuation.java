package dev.upbeat.linkage;

/** Recognises punctuation and line-break tokens by their text. */
public final class Punctuation {
    private Punctuation() {}

    /**
     * Whether the text consists only of white space and punctuation (Unicode general categories Pc, Pd, Ps, Pe, Pi, Pf and
     * Po) and has at least one punctuation character or line break. True for {@code ".\n"} and {@code " ("}; false for
     * {@code " "}, {@code "1."} and symbols such as {@code "="}, {@code "+"} and {@code "$"}.
     *
     * @param token text of a token
     */
    public static boolean isPunctuationOrLineBreak(String token) {
        return token.codePoints().anyMatch(c -> isPunctuation(c) || isLineBreak(c))
                && token.codePoints()
                        .allMatch(c -> isPunctuation(c)
                                || isLineBreak(c)
                                || Character.isWhitespace(c)
                                || Character.isSpaceChar(c));
    }

    private static boolean isPunctuation(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONNECTOR_PUNCTUATION,
                    Character.DASH_PUNCTUATION,
                    Character.START_PUNCTUATION,
                    Character.END_PUNCTUATION,
                    Character.INITIAL_QUOTE_PUNCTUATION,
                    Character.FINAL_QUOTE_PUNCTUATION,
                    Character.OTHER_PUNCTUATION -> true;
            default -> false;
        };
    }

    /** The line terminators of Unicode: LF, VT, FF, CR, NEL, LS and PS. */
    private static boolean isLineBreak(int codePoint) {
        return (codePoint >= '\n' && codePoint <= '\r')
                || codePoint == 0x85
                || codePoint == 0x2028
                || codePoint == 0x2029;
    }
}
