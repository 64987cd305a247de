package dev.upbeat.checkpoint.jinja;

/** Text under construction that refuses to grow beyond what a prompt can be, so that a template cannot fill memory. */
final class BoundedText {
    static final int LIMIT = 8 << 20;

    private final StringBuilder text = new StringBuilder();

    BoundedText append(String part) {
        if (text.length() + (long) part.length() > LIMIT) {
            throw new TemplateError("a text grows beyond " + LIMIT + " characters");
        }
        text.append(part);
        return this;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
