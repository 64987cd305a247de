package dev.upbeat.app.doctor;

import org.jspecify.annotations.Nullable;

/**
 * Result of one check.
 *
 * @param name of the check, one or two words
 * @param value result, one line or several
 * @param advice to the user; null for none
 */
public record Finding(
        String name, Status status, String value, @Nullable String advice) {
    /** Severity of a finding. */
    public enum Status {
        /** No problem. */
        OK,
        /** Works, but slower or with less than possible. */
        NOTE,
        /** No model can run without it. */
        MISSING
    }

    static Finding ok(String name, String value) {
        return new Finding(name, Status.OK, value, null);
    }

    static Finding note(String name, String value, String advice) {
        return new Finding(name, Status.NOTE, value, advice);
    }

    static Finding missing(String name, String value, String advice) {
        return new Finding(name, Status.MISSING, value, advice);
    }
}
