package dev.upbeat.store;

/** How the result of a query is written. */
public enum QueryFormat {
    /** Aligned columns for people: NULL as NULL, control characters escaped, long values shortened. */
    TABLE,
    /**
     * A header and a line a row, quoted as RFC 4180 says, lines ended by LF. NULL is an empty field, an empty text is
     * {@code ""}; lists and structs are JSON.
     */
    CSV,
    /** A JSON object a line; numbers so that they read back the same. */
    JSONL
}
