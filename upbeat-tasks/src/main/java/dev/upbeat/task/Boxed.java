package dev.upbeat.task;

import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The last {@code \boxed{..}} of a response, nested braces and all. */
public final class Boxed {
    /** A box at the end of the text before another one, with the comma, "and" or "or" that joins the two. */
    private static final Pattern JOINED = Pattern.compile(
            "(?s)\\\\boxed {0,3}\\{([^{}]{1,200})\\}[$*]{0,2}\\s{0,3}(?:,\\s{0,3}(?:and|or)?|;|and|or|&)\\s{0,3}[$*]{0,2}\\s{0,3}$");

    private static final int LONGEST_JOINED = 240;
    private static final int MOST_JOINED = 26;

    private static final String BOXED = "\\boxed";

    /** A response may have nothing else, and each that does not end is read to the end. */
    private static final int MOST_TRIED = 3;

    private Boxed() {}

    /** What the last whole one holds; one that is cut off is passed over. Null where there is none. */
    public static @Nullable String last(String response) {
        int start = start(response);
        return start < 0 ? null : held(response, start);
    }

    /**
     * The content of the last complete box and of the boxes that commas, "and" or "or" join to it, separated by commas:
     * {@code \boxed{B} and \boxed{C}} is "B, C". Null if there is no box.
     */
    public static @Nullable String lastTogether(String response) {
        int start = start(response);
        if (start < 0) {
            return null;
        }
        StringBuilder together = new StringBuilder(held(response, start));
        for (int joined = 0; joined < MOST_JOINED; joined++) {
            int from = Math.max(0, start - LONGEST_JOINED);
            Matcher before = JOINED.matcher(response.substring(from, start));
            if (!before.find()) {
                break;
            }
            together.insert(0, before.group(1).strip() + ", ");
            start = from + before.start();
        }
        return together.toString();
    }

    /** Index of the last complete box; -1 if there is none. */
    private static int start(String response) {
        int from = response.length();
        for (int tried = 0; tried < MOST_TRIED; tried++) {
            int start = response.lastIndexOf(BOXED, from);
            if (start < 0 || braced(response, start + BOXED.length()) != null) {
                return start;
            }
            from = start - 1;
        }
        return -1;
    }

    private static String held(String response, int start) {
        return Objects.requireNonNull(braced(response, start + BOXED.length()), "a whole box")
                .strip();
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
