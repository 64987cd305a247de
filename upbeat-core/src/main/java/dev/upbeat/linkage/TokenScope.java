package dev.upbeat.linkage;

/** Which tokens of a response a statistic is taken over (docs/method.md, section 4). */
public enum TokenScope {
    ALL_TOKENS(false, false),
    /** Without punctuation and line-break tokens: attention sinks there for no reason of meaning. */
    WITHOUT_PUNCTUATION(true, false),
    /** Without the last tokens of each response: with a horizon open to the end their FAI averages few rows. */
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
