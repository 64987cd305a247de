package dev.upbeat.task.qa;

import dev.upbeat.task.Latex;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the options that an answer names, by a letter, a letter and its text, or a text alone; several are joined by commas,
 * "and", "or" or signs.
 */
final class NamedOptions {
    /** Longer answers are not read as a list of options. */
    private static final int LONGEST_LIST = 2_000;

    /** A letter and what may follow it; a space alone is not enough, because "A tariff" does not name an option. */
    private static final Pattern FIRST = Pattern.compile("(?s)(?:(?i:option|choice|answer) )?[(\\[*]{0,3}([A-Z])"
            + "(?:[*)\\].:,;]{1,3}|\\s{1,3}[-–—:=(]|\\s{1,3}(?:because|since|as)\\b|$).*");

    private static final Pattern LATEX_TEXT =
            Pattern.compile(Latex.any(Latex.STYLES, "boxed", "fbox") + " {0,3}\\{([^{}]{0,200})\\}");
    private static final Pattern LATEX_SIGNS = Pattern.compile("\\\\(?:[,;:! {}]|quad\\b|qquad\\b)|[$~]");

    private static final Pattern LEAD =
            Pattern.compile("\\s{0,3}(?i:(?:both|either|also|maybe|perhaps|possibly)\\s{1,3})?"
                    + "(?i:(?:the\\s{1,3})?(?:options?|choices?|answers?)\\s{1,3})?[(\\[{*\"'“]{0,4}");
    private static final Pattern LETTER = Pattern.compile("([A-Z])(?![A-Za-z0-9'’])[)\\]}*\"'”]{0,4}");
    private static final Pattern LETTER_ENDS =
            Pattern.compile("\\s{0,3}(?:$|[.:;,)–—=(-]|(?i:are|is|both|because|since|as|would|seem)\\b)");
    private static final Pattern WORDS = Pattern.compile("(?s).*\\p{L}{3}.*");
    private static final Pattern TEXT_FOLLOWS = Pattern.compile("\\s{0,3}(?:[.:)–—=-]|\\()?\\s{0,3}");
    private static final Pattern CLOSED = Pattern.compile("[)\\]}*\"'”.]{0,4}");
    private static final Pattern JOINT =
            Pattern.compile("\\s{0,3}(?:[,;]\\s{0,3}(?i:(?:and|or)\\b)?|[/+&\\n]|\\\\&|\\\\(?:land|lor|cup)\\b"
                    + "|(?i:(?:and/or|and|or|as well as|together with|plus)\\b))");
    private static final Pattern SPACED = Pattern.compile("\\(?[A-Z]\\)?(?:\\s{1,3}\\(?[A-Z]\\)?){1,25}");
    private static final Pattern DENIED = Pattern.compile(
            "(?s)\\s{0,3}(?:are|is|were|seem|can|could|do|does)?\\s{0,3}(?:all|both|each)?\\s{0,3}(?i:not|wrong|incorrect|false|ruled|eliminated|cannot|can't|don't|aren't)\\b.*");
    private static final Pattern CONCLUDED = Pattern.compile(
            "(?s).*\\b(?i:so|thus|therefore|hence|choose|pick|select|go with)\\b[,:]?\\s{0,3}(?i:it(?:'s|\\s{1,3}is)\\s{1,3})?"
                    + "(?i:option\\s{1,3}|choice\\s{1,3})?[(\\[*]{0,3}([A-Z])[)\\]*]{0,3}\\s{0,3}[.!]?\\s{0,3}");

    private NamedOptions() {}

    /**
     * @param options text by letter
     * @return letters; empty if the answer names no option
     */
    static Set<String> of(String answer, Map<String, String> options) {
        String bare = ShortAnswer.bare(answer);
        if (bare.length() == 1) {
            String upper = bare.toUpperCase(Locale.ROOT);
            return options.containsKey(upper) ? Set.of(upper) : Set.of();
        }
        String normal = ShortAnswer.normal(answer);
        // An option's text may begin like a letter, "A priori", or contain an "and".
        for (Map.Entry<String, String> option : options.entrySet()) {
            if (ShortAnswer.normal(option.getValue()).equals(normal)) {
                return Set.of(option.getKey());
            }
        }
        String plain = plain(bare);
        Set<String> several = bare.length() > LONGEST_LIST ? Set.of() : several(plain, options);
        if (!several.isEmpty()) {
            return several;
        }
        for (String text : new String[] {answer.strip(), bare, plain}) {
            Matcher first = FIRST.matcher(text);
            if (first.matches() && options.containsKey(first.group(1))) {
                return Set.of(first.group(1));
            }
        }
        String end = bare.substring(Math.max(0, bare.length() - LONGEST_LIST));
        Matcher concluded = CONCLUDED.matcher(end);
        return concluded.matches() && options.containsKey(concluded.group(1)) ? Set.of(concluded.group(1)) : Set.of();
    }

    private static String plain(String latex) {
        String text = LATEX_TEXT.matcher(latex).replaceAll(" $1 ");
        return LATEX_SIGNS
                .matcher(text)
                .replaceAll(" ")
                .replaceAll(" {2,}", " ")
                .strip();
    }

    /** Two or more letters; empty if the text names fewer. */
    private static Set<String> several(String text, Map<String, String> options) {
        Set<String> letters = together(text, options);
        if (!letters.isEmpty()) {
            return letters;
        }
        Set<String> named = new TreeSet<>();
        int at = 0;
        while (true) {
            Item item = item(text, at, options);
            if (item == null) {
                return Set.of();
            }
            named.add(item.letter());
            Matcher joint = JOINT.matcher(text).region(item.end(), text.length());
            if (!joint.lookingAt() || item(text, joint.end(), options) == null) {
                boolean denied =
                        DENIED.matcher(text).region(item.end(), text.length()).matches();
                return named.size() > 1 && !denied ? named : Set.of();
            }
            at = joint.end();
        }
    }

    /** "BC", "B C" and "(B) (C)": letters of options and nothing else. */
    private static Set<String> together(String text, Map<String, String> options) {
        String letters = SPACED.matcher(text).matches() ? text.replaceAll("[\\s()]+", "") : text;
        Set<String> named = new TreeSet<>();
        for (String letter : letters.split("")) {
            if (!options.containsKey(letter) || !named.add(letter)) {
                return Set.of();
            }
        }
        return named.size() > 1 ? named : Set.of();
    }

    /** @param end index after the item and its closing mark */
    private record Item(String letter, int end) {}

    /** The option named at this place by its letter, its text or both; null if there is none. */
    private static @Nullable Item item(String text, int from, Map<String, String> options) {
        Matcher lead = LEAD.matcher(text).region(from, text.length());
        int start = lead.lookingAt() ? lead.end() : from;
        Matcher letter = LETTER.matcher(text).region(start, text.length());
        letter.useTransparentBounds(true);
        if (letter.lookingAt() && options.containsKey(letter.group(1))) {
            String named = letter.group(1);
            Matcher follows = TEXT_FOLLOWS.matcher(text).region(letter.end(), text.length());
            int behind = follows.lookingAt() ? follows.end() : letter.end();
            int end = behindText(text, behind, Objects.requireNonNull(options.get(named)));
            if (end >= 0) {
                return new Item(named, end);
            }
            boolean ends = LETTER_ENDS
                            .matcher(text)
                            .region(letter.end(), text.length())
                            .lookingAt()
                    || JOINT.matcher(text).region(letter.end(), text.length()).lookingAt();
            return ends ? new Item(named, letter.end()) : null;
        }
        return options.entrySet().stream()
                .filter(option -> WORDS.matcher(option.getValue()).matches()) // 1/2 does not name the options 1 and 2
                .filter(option -> behindText(text, start, option.getValue()) >= 0)
                .max(Comparator.comparingInt(option -> option.getValue().length()))
                .map(option -> new Item(option.getKey(), behindText(text, start, option.getValue())))
                .orElse(null);
    }

    /** End of an option's text that begins here, including its closing mark; -1 if it does not begin here. */
    private static int behindText(String text, int from, String option) {
        String sought = option.strip();
        sought = sought.endsWith(".") ? sought.substring(0, sought.length() - 1).strip() : sought;
        if (sought.isEmpty() || !text.regionMatches(true, from, sought, 0, sought.length())) {
            return -1;
        }
        int end = from + sought.length();
        if (end < text.length() && Character.isLetterOrDigit(text.charAt(end))) {
            return -1;
        }
        Matcher closed = CLOSED.matcher(text).region(end, text.length());
        return closed.lookingAt() ? closed.end() : end;
    }
}
