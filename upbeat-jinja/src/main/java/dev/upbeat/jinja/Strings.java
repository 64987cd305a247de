package dev.upbeat.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Python's string functions, with code points as characters and Python's set of white space. */
public final class Strings {
    private Strings() {}

    /** Python's {@code text.strip()}. */
    public static String strip(String text) {
        return strip(text, null, true, true);
    }

    /** Python's {@code text.rstrip()}. */
    public static String stripEnd(String text) {
        return strip(text, null, false, true);
    }

    static boolean isSpace(int c) {
        return switch (c) {
            case 0x09,
                    0x0A,
                    0x0B,
                    0x0C,
                    0x0D,
                    0x1C,
                    0x1D,
                    0x1E,
                    0x1F,
                    0x20,
                    0x85,
                    0xA0,
                    0x1680,
                    0x2028,
                    0x2029,
                    0x202F,
                    0x205F,
                    0x3000 -> true;
            default -> 0x2000 <= c && c <= 0x200A;
        };
    }

    static boolean isBlank(String text) {
        return text.codePoints().allMatch(Strings::isSpace);
    }

    static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    /** @param chars characters to remove, null for white space */
    static String strip(String text, @Nullable String chars, boolean left, boolean right) {
        IntPredicate taken = chars == null ? Strings::isSpace : charactersOf(chars)::contains;
        int start = 0;
        while (left && start < text.length() && taken.test(text.codePointAt(start))) {
            start += Character.charCount(text.codePointAt(start));
        }
        int end = text.length();
        while (right && end > start && taken.test(text.codePointBefore(end))) {
            end -= Character.charCount(text.codePointBefore(end));
        }
        return text.substring(start, end);
    }

    private static Set<Integer> charactersOf(String text) {
        return text.codePoints().boxed().collect(Collectors.toSet());
    }

    /** The code points as strings. */
    static List<Object> characters(String text) {
        List<Object> characters = new ArrayList<>(text.length());
        text.codePoints().forEach(c -> characters.add(Character.toString(c)));
        return characters;
    }

    /** @param limit largest number of cuts, negative for any */
    static List<Object> split(String text, String separator, long limit) {
        if (separator.isEmpty()) {
            throw new TemplateError("split() by an empty string: expected a separator");
        }
        Finder finder = new Finder(separator);
        List<Object> parts = new ArrayList<>();
        int start = 0;
        for (int at = finder.find(text, 0); at >= 0 && parts.size() != limit; at = finder.find(text, start)) {
            parts.add(text.substring(start, at));
            start = at + separator.length();
        }
        parts.add(text.substring(start));
        return parts;
    }

    /** Splits at runs of white space, which are dropped. */
    static List<Object> splitAtBlanks(String text, long limit) {
        List<Object> parts = new ArrayList<>();
        String rest = strip(text, null, true, false);
        int start = 0;
        for (int i = 0; i < rest.length() && parts.size() != limit; i++) {
            if (isSpace(rest.charAt(i))) {
                parts.add(rest.substring(start, i));
                while (i + 1 < rest.length() && isSpace(rest.charAt(i + 1))) {
                    i++;
                }
                start = i + 1;
            }
        }
        String last = parts.size() == limit ? rest.substring(start) : strip(rest.substring(start), null, false, true);
        if (!last.isEmpty()) {
            parts.add(last);
        }
        return parts;
    }

    /** @param keepEnds whether lines keep their line breaks */
    static List<Object> splitLines(String text, boolean keepEnds) {
        List<Object> lines = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            switch (text.charAt(i)) {
                case '\n', '\r', 0x0B, 0x0C, 0x1C, 0x1D, 0x1E, 0x85, 0x2028, 0x2029 -> {
                    int end = i;
                    if (text.startsWith("\r\n", i)) {
                        i++;
                    }
                    lines.add(text.substring(start, keepEnds ? i + 1 : end));
                    start = i + 1;
                }
                default -> {}
            }
        }
        if (start < text.length()) {
            lines.add(text.substring(start));
        }
        return lines;
    }

    /** @param limit largest number of replacements, negative for any */
    static String replace(String text, String old, String replacement, long limit, Render render) {
        BoundedText result = new BoundedText(render);
        int start = 0;
        if (limit == 0) {
            return text;
        }
        if (old.isEmpty()) { // before each character and at the end
            long count = 0;
            for (; start < text.length() && count != limit; count++) {
                int next = text.offsetByCodePoints(start, 1);
                result.append(replacement).append(text.substring(start, next));
                start = next;
            }
            return result.append(count == limit ? "" : replacement)
                    .append(text.substring(start))
                    .toString();
        }
        Finder finder = new Finder(old);
        long count = 0;
        for (int at = finder.find(text, 0); at >= 0 && count != limit; at = finder.find(text, start), count++) {
            result.append(text.substring(start, at)).append(replacement);
            start = at + old.length();
        }
        return result.append(text.substring(start)).toString();
    }

    static int count(String text, String part) {
        if (part.isEmpty()) {
            return length(text) + 1;
        }
        Finder finder = new Finder(part);
        int count = 0;
        for (int at = finder.find(text, 0); at >= 0; at = finder.find(text, at + part.length())) {
            count++;
        }
        return count;
    }

    /** @param side center, ljust or rjust */
    static String padded(String text, long width, String fill, String side, Render render) {
        long missing = Math.max(0, width - length(text));
        long left =
                switch (side) {
                    case "ljust" -> 0;
                    case "rjust" -> missing;
                    default -> missing / 2 + (missing & width & 1); // Python's choice of the longer side
                };
        return new BoundedText(render)
                .append(fill, left)
                .append(text)
                .append(fill, missing - left)
                .toString();
    }

    /** The last index of a part, or -1, in time linear in the text's length. */
    static int lastIndex(String text, String part) {
        int found = new Finder(reversed(part)).find(reversed(text), 0);
        return found < 0 ? -1 : text.length() - found - part.length();
    }

    /** The text reversed by char, not by code point. */
    private static String reversed(String text) {
        char[] characters = new char[text.length()];
        for (int i = 0; i < characters.length; i++) {
            characters[i] = text.charAt(characters.length - 1 - i);
        }
        return new String(characters);
    }

    /** @param separator null for runs of white space */
    static List<Object> splitFromEnd(String text, @Nullable String separator, long limit) {
        String backwards = reversed(text);
        List<Object> parts =
                separator == null ? splitAtBlanks(backwards, limit) : split(backwards, reversed(separator), limit);
        List<Object> forwards = new ArrayList<>(parts.size());
        for (int i = parts.size() - 1; i >= 0; i--) {
            forwards.add(reversed((String) parts.get(i)));
        }
        return forwards;
    }

    /** Python's order, by code point; {@code String.compareTo} puts U+FFFD after U+10000. */
    static int compare(String a, String b) {
        int i = 0;
        while (i < a.length() && i < b.length() && a.charAt(i) == b.charAt(i)) {
            i++;
        }
        if (i == a.length() || i == b.length()) {
            return Integer.compare(a.length(), b.length());
        }
        boolean insidePair = i > 0 && Character.isHighSurrogate(a.charAt(i - 1));
        int from = insidePair ? i - 1 : i;
        return Integer.compare(a.codePointAt(from), b.codePointAt(from));
    }

    /** Finds a part in texts, in time linear in the text's length in all cases (Knuth, Morris, Pratt). */
    static final class Finder {
        /** Up to this length of the part the JDK's search is faster, and at worst 64 times linear. */
        private static final int SHORT = 64;

        private final String part;
        private final int[] border; // [length + 1], length of the longest proper border of each prefix

        Finder(String part) {
            this.part = part;
            this.border = new int[part.length() > SHORT ? part.length() + 1 : 0];
            for (int i = 1, k = 0; i < border.length - 1; i++) {
                while (k > 0 && part.charAt(i) != part.charAt(k)) {
                    k = border[k];
                }
                border[i + 1] = part.charAt(i) == part.charAt(k) ? ++k : 0;
            }
        }

        /** The first index of the part from {@code start} on, or -1. */
        int find(String text, int start) {
            if (border.length == 0) {
                return text.indexOf(part, start);
            }
            for (int i = start, k = 0; i < text.length(); i++) {
                while (k > 0 && text.charAt(i) != part.charAt(k)) {
                    k = border[k];
                }
                if (text.charAt(i) == part.charAt(k) && ++k == part.length()) {
                    return i - k + 1;
                }
            }
            return -1;
        }
    }
}
