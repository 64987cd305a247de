package dev.upbeat.io;

/** Text of unknown origin for a terminal, which obeys control characters. */
public final class VisibleText {
    private VisibleText() {}

    /** The text in one line, with what would break it, or cannot be seen, as Java escapes it, such as {@code \n}; all else stays. */
    public static String of(String text) {
        StringBuilder visible = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            switch (c) {
                case '\n' -> visible.append("\\n");
                case '\r' -> visible.append("\\r");
                case '\t' -> visible.append("\\t");
                default -> {
                    if (isSeen(c)) {
                        visible.appendCodePoint(c);
                    } else {
                        visible.append("\\u%04x".formatted(c));
                    }
                }
            }
        });
        return visible.toString();
    }

    private static boolean isSeen(int c) {
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
