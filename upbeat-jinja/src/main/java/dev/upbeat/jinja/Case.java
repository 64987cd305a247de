package dev.upbeat.jinja;

import java.util.Locale;

/**
 * Upper, lower and title case as in Python, in time linear in the length of the text. Java's methods copy the whole
 * text at each letter that becomes two.
 */
final class Case {
    private Case() {}

    static String upper(String text) {
        StringBuilder upper = new StringBuilder(text.length());
        text.codePoints()
                .forEach(c -> upper.append(
                        c < 128
                                ? Character.toString(Character.toUpperCase(c))
                                : Character.toString(c)
                                        .toUpperCase(Locale.ROOT))); // no letter's capital depends on its neighbours
        return upper.toString();
    }

    static String lower(String text) {
        return text.replace("\u0130", "i\u0307").toLowerCase(Locale.ROOT); // the one letter that becomes two
    }

    static boolean isLower(String text) {
        return isCased(text, lower(text));
    }

    static boolean isUpper(String text) {
        return isCased(text, upper(text));
    }

    static boolean isTitle(String text) {
        return isCased(text, title(text));
    }

    private static boolean isCased(String text, String converted) {
        return text.equals(converted)
                && text.codePoints().anyMatch(c -> Character.isUpperCase(c) || Character.isLowerCase(c));
    }

    /** The first character of a word in title case; some become two, such as \u00DF. */
    private static String initial(int c) {
        String upper = Character.toString(c).toUpperCase(Locale.ROOT);
        int first = upper.offsetByCodePoints(0, 1);
        return first == upper.length()
                ? Character.toString(Character.toTitleCase(c))
                : upper.substring(0, first) + upper.substring(first).toLowerCase(Locale.ROOT);
    }

    /** The first character in title case, the others in lower case. */
    static String capitalize(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int first = text.codePointAt(0);
        String lower = lower(text); // of the whole text: the form of a sigma depends on the letters around it
        int skip = Character.toString(first).toLowerCase(Locale.ROOT).length();
        return initial(first) + lower.substring(skip);
    }

    /** Each run of cased letters with its first in title case and the others in lower case. */
    static String title(String text) {
        StringBuilder title = new StringBuilder(text.length());
        boolean inWord = false;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int c = text.codePointAt(i);
            boolean cased = Character.isUpperCase(c) || Character.isLowerCase(c) || Character.isTitleCase(c);
            title.append(inWord ? lowerOf(c) : initial(c));
            inWord = cased;
        }
        return title.toString();
    }

    private static String lowerOf(int c) {
        return Character.toString(c).toLowerCase(Locale.ROOT);
    }

    static String swapCase(String text) {
        StringBuilder swapped = new StringBuilder(text.length());
        text.codePoints()
                .forEach(c -> swapped.append(
                        Character.isUpperCase(c)
                                ? lowerOf(c)
                                : Character.toString(c).toUpperCase(Locale.ROOT)));
        return swapped.toString();
    }
}
