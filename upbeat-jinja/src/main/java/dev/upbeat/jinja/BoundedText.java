package dev.upbeat.jinja;

/**
 * Text under construction. Each part counts as work, and the length is limited to that of a prompt, so that a template cannot
 * fill memory.
 */
final class BoundedText {
    static final int LIMIT = 8 << 20;

    private final StringBuilder text = new StringBuilder();
    private final Render render;

    BoundedText(Render render) {
        this.render = render;
    }

    BoundedText append(String part) {
        requireRoom((long) text.length() + part.length());
        render.spend(1);
        render.spendOnText(part.length());
        text.append(part);
        return this;
    }

    /** Appends a part several times; not at all for a number below 1. */
    BoundedText append(String part, long times) {
        if (times > 0 && !part.isEmpty()) {
            requireRoom(times > LIMIT ? Long.MAX_VALUE : text.length() + times * part.length());
            append(part.repeat((int) times));
        }
        return this;
    }

    static void requireRoom(long characters) {
        if (characters > LIMIT) {
            throw new TemplateError("a text grows beyond " + LIMIT + " characters");
        }
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
