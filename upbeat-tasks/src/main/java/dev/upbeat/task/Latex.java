package dev.upbeat.task;

import java.util.ArrayList;
import java.util.List;

/** LaTeX that every reader of answers needs: the commands of style, and the braces. */
public final class Latex {
    /** Commands for words inside mathematics. */
    public static final List<String> TEXT =
            List.of("text", "mbox", "textrm", "textbf", "textit", "textsf", "texttt", "textnormal");

    /** Commands for words and for units. */
    public static final List<String> UPRIGHT = with(TEXT, "mathrm");

    /** Commands that change only the look of a formula. */
    public static final List<String> ALPHABETS = List.of(
            "mathbf", "mathsf", "mathit", "mathtt", "mathnormal", "boldsymbol", "bm", "pmb", "underline", "emph");

    /** All commands that change only the look of their argument. */
    public static final List<String> STYLES = with(with(UPRIGHT, ALPHABETS.toArray(String[]::new)), "operatorname");

    /** Plain TeX's switches of style, without an argument: {@code {\bf 5}}. */
    public static final List<String> SWITCHES = List.of("bf", "rm", "it", "sf", "tt");

    private Latex() {}

    private static List<String> with(List<String> names, String... more) {
        List<String> all = new ArrayList<>(names);
        all.addAll(List.of(more));
        return List.copyOf(all);
    }

    /** A regular expression for one of these commands, with its backslash. */
    public static String any(List<String> names, String... more) {
        return "\\\\(?:" + String.join("|", with(names, more)) + ")\\b";
    }

    /** Index of the brace that closes the one at {@code open}; -1 if it is never closed. Escaped braces do not count. */
    public static int closing(String text, int open) {
        int level = 0;
        for (int i = open; i < text.length(); i++) {
            switch (text.charAt(i)) {
                case '\\' -> i++;
                case '{' -> level++;
                case '}' -> {
                    if (--level == 0) {
                        return i;
                    }
                }
                default -> {}
            }
        }
        return -1;
    }
}
