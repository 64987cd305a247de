package dev.upbeat.app.doctor;

import java.util.Locale;

/** Formats a number of bytes for people. */
public final class Sizes {
    private Sizes() {}

    /** "23.4 GiB", "512 MiB". */
    public static String of(long bytes) {
        if (bytes >= 1L << 30) {
            return String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1L << 30));
        }
        return Math.round(bytes / (double) (1L << 20)) + " MiB";
    }
}
