package dev.upbeat.jinja;

import java.util.Locale;

/** A text in capitals or small letters, in time linear in its length: Java copies all of it at each letter that becomes two. */
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
}
