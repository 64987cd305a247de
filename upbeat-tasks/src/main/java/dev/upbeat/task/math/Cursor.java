package dev.upbeat.task.math;

import dev.upbeat.task.Latex;

/** A position in a cleaned text. */
final class Cursor {
    private static final int DEEPEST = 60;

    final String text;
    int at;

    /** Number of brackets around this position; inside brackets a comma always separates. */
    int brackets;

    /** Number of open bars of absolute values. */
    int bars;

    private int depth;

    Cursor(String text) {
        this.text = text;
    }

    void enter() throws Undecided {
        if (++depth > DEEPEST) {
            throw new Undecided("nested deeper than " + DEEPEST);
        }
    }

    void leave() {
        depth--;
    }

    /** The character here; 0 at the end. Spaces are not skipped. */
    char peek() {
        return peek(0);
    }

    char peek(int ahead) {
        return at + ahead < text.length() ? text.charAt(at + ahead) : 0;
    }

    boolean spaces() {
        int start = at;
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\n' || text.charAt(at) == '\r')) {
            at++;
        }
        return at > start;
    }

    /** The character after spaces. */
    char next() {
        spaces();
        return peek();
    }

    boolean ended() {
        return next() == 0;
    }

    boolean take(String expected) {
        spaces();
        if (text.startsWith(expected, at)) {
            at += expected.length();
            return true;
        }
        return false;
    }

    void expect(String expected) throws Undecided {
        if (!take(expected)) {
            throw fault();
        }
    }

    /** The name of the command here, without its backslash; empty if there is none. The position stays. */
    String command() {
        spaces();
        return peek() == '\\' ? text.substring(at + 1, letters(at + 1)) : "";
    }

    boolean takeCommand(String name) {
        if (command().equals(name)) {
            at += name.length() + 1;
            return true;
        }
        return false;
    }

    /** The run of letters here. The position stays. */
    String word() {
        return text.substring(at, letters(at));
    }

    private int letters(int start) {
        int end = start;
        while (end < text.length() && LatexText.isLetter(text.charAt(end))) {
            end++;
        }
        return end;
    }

    /** Takes the text inside the braces that open here, or the one character here, and returns it. */
    String raw() throws Undecided {
        if (next() != '{') {
            if (peek() == '\\') {
                String command = command();
                at += Math.max(2, command.length() + 1);
                return "\\" + command;
            }
            if (peek() == 0) {
                throw fault();
            }
            return String.valueOf(text.charAt(at++));
        }
        int close = Latex.closing(text, at);
        if (close < 0) {
            throw fault();
        }
        String inside = text.substring(at + 1, close);
        at = close + 1;
        return inside;
    }

    Undecided fault() {
        spaces();
        if (at >= text.length()) {
            return new Undecided("ends too early");
        }
        String rest = text.substring(at, Math.min(text.length(), at + 12));
        return new Undecided("not understood at \"" + rest + "\"");
    }
}
