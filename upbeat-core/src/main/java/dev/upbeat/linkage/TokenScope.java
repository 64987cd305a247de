package dev.upbeat.linkage;

/** The tokens of a response that count in a statistic (docs/method.md, section 4). */
public enum TokenScope {
    ALL_TOKENS(false, false),
    /** Without punctuation and line-break tokens, which attract attention whatever the text means. */
    WITHOUT_PUNCTUATION(true, false),
    /** Without the last tokens of each response: with a horizon open to the end, their FAI averages few rows. */
    WITHOUT_TAIL(false, true),
    WITHOUT_PUNCTUATION_AND_TAIL(true, true);

    private final boolean dropsPunctuation;
    private final boolean dropsTail;

    TokenScope(boolean dropsPunctuation, boolean dropsTail) {
        this.dropsPunctuation = dropsPunctuation;
        this.dropsTail = dropsTail;
    }

    public boolean dropsPunctuation() {
        return dropsPunctuation;
    }

    public boolean dropsTail() {
        return dropsTail;
    }
}
