package dev.upbeat.app.query;

/** Width of a text in columns of a terminal: wide East Asian characters and emoji two, combining marks none. */
public final class TextWidth {
    private TextWidth() {}

    public static int columns(String text) {
        return text.codePoints().map(TextWidth::columns).sum();
    }

    /** The text, or its beginning and "..." in at most {@code columns}. */
    static String shorten(String text, int columns) {
        if (columns(text) <= columns) {
            return text;
        }
        StringBuilder shortened = new StringBuilder();
        int used = 0;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int c = text.codePointAt(i);
            used += columns(c);
            if (used > columns - 3) {
                break;
            }
            shortened.appendCodePoint(c);
        }
        return shortened + "...";
    }

    private static int columns(int c) {
        return switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> 0;
            default -> isWide(c) ? 2 : 1;
        };
    }

    /** The blocks that Unicode's annex 11 calls wide, without the single exceptions. */
    private static boolean isWide(int c) {
        return (c >= 0x1100 && c <= 0x115F)
                || (c >= 0x2E80 && c <= 0xA4CF)
                || (c >= 0xAC00 && c <= 0xD7A3)
                || (c >= 0xF900 && c <= 0xFAFF)
                || (c >= 0xFE30 && c <= 0xFE6F)
                || (c >= 0xFF00 && c <= 0xFF60)
                || (c >= 0xFFE0 && c <= 0xFFE6)
                || (c >= 0x1F300 && c <= 0x1F64F)
                || (c >= 0x1F680 && c <= 0x1F6FF)
                || (c >= 0x1F900 && c <= 0x1FAFF)
                || (c >= 0x20000 && c <= 0x3FFFD);
    }
}
