package dev.upbeat.io;

/** Escapes control characters in text of unknown origin, which would otherwise control the terminal. */
public final class VisibleText {
    private VisibleText() {}

    /** The text as one line: line breaks and invisible characters are replaced by Java escapes such as {@code \n}. */
    public static String of(String text) {
        StringBuilder visible = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            switch (c) {
                case '\n' -> visible.append("\\n");
                case '\r' -> visible.append("\\r");
                case '\t' -> visible.append("\\t");
                default -> {
                    if (isVisible(c)) {
                        visible.appendCodePoint(c);
                    } else {
                        visible.append("\\u%04x".formatted(c));
                    }
                }
            }
        });
        return visible.toString();
    }

    /**
     * The text with control characters, including those that reorder text, replaced by Java escapes. Line breaks, tabs
     * and characters that join letters or emoji are kept.
     */
    public static String harmless(String text) {
        StringBuilder harmless = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            boolean obeyed = Character.getType(c) == Character.CONTROL && c != '\n' && c != '\t';
            if (obeyed || isReordering(c)) {
                harmless.append("\\u%04x".formatted(c));
            } else {
                harmless.appendCodePoint(c);
            }
        });
        return harmless.toString();
    }

    /** The text, cut after {@code longest} characters and marked with "..". */
    public static String shortened(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, longest) + " ..";
    }

    /** Whether the character is a mark, embedding, override or isolate of the Unicode bidirectional algorithm. */
    public static boolean isReordering(int c) {
        return c == 0x061C
                || c == 0x200E
                || c == 0x200F
                || (c >= 0x202A && c <= 0x202E)
                || (c >= 0x2066 && c <= 0x2069);
    }

    private static boolean isVisible(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> false;
            case Character.SPACE_SEPARATOR -> c == ' ';
            default -> true;
        };
    }
}
