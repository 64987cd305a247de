package dev.upbeat.app.doctor;

import org.jspecify.annotations.Nullable;

/**
 * One thing that was looked at.
 *
 * @param name what it is, a word or two
 * @param value what was found, one line or several
 * @param advice what to do about it; null where there is nothing to do
 */
public record Finding(
        String name, Status status, String value, @Nullable String advice) {
    /** How much it matters. */
    public enum Status {
        /** As it should be. */
        OK,
        /** It works, but slower or with less than it could. */
        NOTE,
        /** The main job cannot run without it. */
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
