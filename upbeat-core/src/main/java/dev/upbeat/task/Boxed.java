package dev.upbeat.task;

import org.jspecify.annotations.Nullable;

/** The last {@code \boxed{..}} of a response, nested braces and all. */
public final class Boxed {
    private static final String BOXED = "\\boxed";

    /** A response may have nothing else, and each that does not end is read to the end. */
    private static final int MOST_TRIED = 3;

    private Boxed() {}

    /** What the last whole one holds; one that is cut off is passed over. Null where there is none. */
    public static @Nullable String last(String response) {
        int from = response.length();
        for (int tried = 0; tried < MOST_TRIED; tried++) {
            int start = response.lastIndexOf(BOXED, from);
            if (start < 0) {
                return null;
            }
            String held = braced(response, start + BOXED.length());
            if (held != null) {
                return held.strip();
            }
            from = start - 1;
        }
        return null;
    }

    private static @Nullable String braced(String text, int from) {
        int open = from;
        while (open < text.length() && text.charAt(open) == ' ') {
            open++;
        }
        if (open == text.length() || text.charAt(open) != '{') {
            return null;
        }
        int depth = 0;
        for (int i = open; i < text.length(); i++) {
            char c = text.charAt(i);
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            if (depth == 0) {
                return text.substring(open + 1, i);
            }
        }
        return null;
    }
}
