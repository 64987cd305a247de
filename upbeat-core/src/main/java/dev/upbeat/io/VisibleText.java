package dev.upbeat.io;

/** Text of unknown origin for a terminal, which obeys control characters. */
public final class VisibleText {
    private VisibleText() {}

    /** The text in one line, with control and format characters as JSON escapes them; all else stays. */
    public static String of(String text) {
        StringBuilder visible = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            switch (c) {
                case '\n' -> visible.append("\\n");
                case '\r' -> visible.append("\\r");
                case '\t' -> visible.append("\\t");
                default -> {
                    boolean harmless = !Character.isISOControl(c) && Character.getType(c) != Character.FORMAT;
                    if (harmless) {
                        visible.appendCodePoint(c);
                    } else {
                        visible.append(String.format("\\u%04x", c));
                    }
                }
            }
        });
        return visible.toString();
    }
}
