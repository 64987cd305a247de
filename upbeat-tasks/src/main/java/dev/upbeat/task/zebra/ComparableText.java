package dev.upbeat.task.zebra;

import java.text.Normalizer;
import java.util.Locale;

/** Text in the form for comparing: letters and digits alone, in lower case; {@code **Hip-Hop**} and {@code hip hop} are the same. */
final class ComparableText {
    private static final int LONGEST = 200;

    private ComparableText() {}

    /** @return empty if there is no letter or digit, or the text is longer than any value */
    static String of(String text) {
        if (text.length() > LONGEST) {
            return "";
        }
        String plain = Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
        StringBuilder kept = new StringBuilder();
        plain.codePoints().filter(Character::isLetterOrDigit).forEach(kept::appendCodePoint);
        return kept.toString();
    }

    /** 3 from {@code 3}, {@code House 3} or {@code house_03}; 0 from anything else. */
    static int house(String text) {
        String loose = of(text);
        String number = loose.startsWith("house") ? loose.substring("house".length()) : loose;
        return number.matches("[0-9]{1,2}") ? Integer.parseInt(number) : 0;
    }
}
