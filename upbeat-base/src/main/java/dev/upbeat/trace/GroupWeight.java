package dev.upbeat.trace;

/** Weight of the responses in a head's span, from which head groups are found (docs/method.md, section 2). */
public enum GroupWeight {
    /** Each response token counts the same, so a long response weighs more. */
    TOKEN,
    /** Each response counts the same. */
    RESPONSE
}
