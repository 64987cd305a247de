package dev.upbeat.app.figure;

import dev.upbeat.app.query.TextWidth;
import java.util.ArrayList;
import java.util.List;

/** Tokens as they are shown, and their lines. */
final class TokenLines {
    private TokenLines() {}

    /**
     * Tokens of one line.
     *
     * @param start the first token
     * @param end after the last token
     */
    record Line(int start, int end) {}

    /** A token's text with signs for white space and control characters, as on the report's page; never empty. */
    static String shown(String token) {
        if (token.isEmpty()) {
            return "\u2205";
        }
        if (token.isBlank() && token.chars().allMatch(c -> c == ' ')) {
            return "\u00b7".repeat(token.length());
        }
        StringBuilder shown = new StringBuilder();
        token.codePoints().forEach(c -> {
            switch (c) {
                case '\n' -> shown.append('\u21b5');
                case '\t' -> shown.append('\u2192');
                case '\r' -> shown.append('\u240d');
                default -> {
                    int type = Character.getType(c);
                    if (type == Character.CONTROL
                            || type == Character.FORMAT
                            || type == Character.SURROGATE
                            || type == Character.LINE_SEPARATOR
                            || type == Character.PARAGRAPH_SEPARATOR) {
                        shown.append("\u27e8%X\u27e9".formatted(c));
                    } else {
                        shown.appendCodePoint(c);
                    }
                }
            }
        });
        return shown.toString();
    }

    /** Width of a shown token, in characters. */
    static int columns(String shown) {
        return Math.max(1, TextWidth.columns(shown));
    }

    /** Lines of at most {@code columns} characters, broken between words if possible and after line breaks. */
    static List<Line> of(List<String> tokens, int start, int end, int columns) {
        List<Line> lines = new ArrayList<>();
        int from = start;
        int used = 0;
        for (int t = start; t < end; ) {
            int next = t + 1;
            int width = columns(shown(tokens.get(t)));
            int first = width;
            while (next < end && !spaceBetween(tokens.get(next - 1), tokens.get(next))) {
                width += columns(shown(tokens.get(next++)));
            }
            if (width > columns) { // a word longer than a line breaks between its tokens
                next = t + 1;
                width = first;
            }
            if (used > 0 && used + width > columns) {
                lines.add(new Line(from, t));
                from = t;
                used = 0;
            }
            used += width;
            t = next;
            if (tokens.get(t - 1).contains("\n") || t == end) {
                lines.add(new Line(from, t));
                from = t;
                used = 0;
            }
        }
        return lines;
    }

    private static boolean spaceBetween(String token, String next) {
        return (!token.isEmpty() && Character.isWhitespace(token.codePointBefore(token.length())))
                || (!next.isEmpty() && Character.isWhitespace(next.codePointAt(0)));
    }
}
