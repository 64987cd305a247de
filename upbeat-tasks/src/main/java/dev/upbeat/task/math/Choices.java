package dev.upbeat.task.math;

import dev.upbeat.task.AnswerText;
import dev.upbeat.task.Latex;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Multiple choice: the letter of a gold, with or without its option's text, and the letter that a response chooses. */
final class Choices {
    private static final Pattern GOLD =
            Pattern.compile("^\\$?(?:" + Latex.any(Latex.STYLES) + "\\{)?\\(?([A-J])\\)?\\}?\\$?(?:[.:)]|\\b)");
    private static final Pattern LABELLED = Pattern.compile("^\\(?([A-J])\\) ?[^-+*/^_=<>,\\s].*");

    private static final Pattern STYLES = Pattern.compile(LatexText.STYLE
            + "|\\\\(?:boxed|fbox|[qQ]?quad|left|right)\\b" + "|\\\\[ ,;:!()\\[\\]]|[{}$~]|\\*{2,3}|^ ?\\*|\\* ?$");
    /** Before a sign, only an upright letter in brackets is a label: {@code \textbf{(B)}\ -5}, but not {@code (B) - 5}. */
    private static final Pattern UPRIGHT = Pattern.compile("^[ $]*(?:" + Latex.any(Latex.STYLES)
            + " ?\\{ ?\\([A-J]\\)|\\( ?" + Latex.any(Latex.STYLES) + " ?\\{ ?[A-J] ?\\} ?\\))");

    private static final Pattern SIGNED = Pattern.compile("\\(([A-J])\\) ?(?!.*\\([A-J]\\))[-=<>] ?[^-=<> ].*");

    private static final Pattern SPACES = Pattern.compile("\\s+");

    private static final String LEAD =
            "(?:(?:so|thus|hence|therefore),? )?(?:the )?(?:correct |right |best |final )?(?:(?:answer|option|choice)(?: is| ?:)? ?)*";
    private static final Pattern ONLY = Pattern.compile("(?i:" + LEAD + ")\\(?([A-J])[.:)]{0,2}\\.?");
    private static final Pattern SMALL =
            Pattern.compile("(?i:" + LEAD + ")\\(([a-j])\\)\\.?|(?i:option|choice) ([a-j])\\.?");
    private static final Pattern WITH_TEXT = Pattern.compile(
            "(?i:" + LEAD
                    + ")(?:\\(([A-J])\\) ?(?![-+*/^_=<>,])\\S.*|([A-J])[).:,] ?(?<=[ )])\\S.*|([A-J]) (?:\\(.*\\)|because .*|since .*))");
    private static final Pattern SEVERAL = Pattern.compile(
            "(?i:" + LEAD + ")\\(?([A-J])\\)?((?: ?(?:,|;|/|&|\\b(?:and|or)\\b|, (?:and|or)) ?\\(?[A-J]\\)?)+)\\.?");
    private static final Pattern LETTER = Pattern.compile("[A-J]");

    private Choices() {}

    /** The letter of a gold that is a choice; null for any other gold. */
    static @Nullable String letter(String gold) {
        String line = gold.strip();
        int end = line.lastIndexOf("\n");
        String last = end < 0 ? line : line.substring(end + 1).strip();
        String found = leading(line);
        return found != null ? found : leading(last);
    }

    private static @Nullable String leading(String text) {
        Matcher matcher = GOLD.matcher(text);
        if (!matcher.find()) {
            return null;
        }
        String rest = text.substring(matcher.end()).replaceAll("[\\s$.})]+", "");
        boolean option =
                rest.isEmpty() || (rest.matches("[A-Za-z].{2,}") && text.indexOf('=') < 0 && text.indexOf('\\') < 0);
        if (option) {
            return matcher.group(1);
        }
        Matcher labelled = LABELLED.matcher(text.length() < 300 ? plain(text) : "");
        return labelled.matches() ? labelled.group(1) : signed(text);
    }

    /** The letter or letters that a response chooses; null if the response must be read as mathematics. */
    static @Nullable String chosen(String response, String gold, String letter) {
        String text = AnswerText.of(response);
        if (text == null) {
            return null;
        }
        if (text.contains("\\boxed") || text.contains("<answer>") || text.contains("####")) {
            Extraction.Found found = Extraction.find(text);
            if (found == null) {
                return null;
            }
            String chosen = inAnswer(found.text(), gold, letter);
            return chosen != null || !found.source().equals("<answer>") ? chosen : ChoiceInProse.of(found.text());
        }
        String stripped = text.strip();
        if (stripped.indexOf('\n') < 0 && stripped.length() < 60 && !ChoiceInProse.isSpeaker(stripped)) {
            String whole = inAnswer(stripped, gold, letter);
            if (whole != null) {
                return whole;
            }
        }
        return ChoiceInProse.of(text);
    }

    /** The letter of a text that consists of an answer alone. */
    private static @Nullable String inAnswer(String answer, String gold, String letter) {
        if (answer.length() < 300) {
            String plain = plain(answer);
            Matcher several = SEVERAL.matcher(plain);
            if (several.matches()) {
                return letters(plain.substring(several.start(1)));
            }
            for (Pattern pattern : List.of(ONLY, SMALL, WITH_TEXT)) {
                Matcher matcher = pattern.matcher(plain);
                if (matcher.matches()) {
                    return firstGroup(matcher);
                }
            }
        }
        String signed = signed(answer);
        if (signed != null) {
            return signed;
        }
        String words = LatexText.words(gold);
        String option = words.substring(Math.min(1, words.length()));
        return !option.isEmpty() && LatexText.words(answer.strip()).equals(option) ? letter : null;
    }

    private static @Nullable String signed(String text) {
        if (text.length() >= 300 || !UPRIGHT.matcher(text).find()) {
            return null;
        }
        Matcher matcher = SIGNED.matcher(plain(text));
        return matcher.matches() ? matcher.group(1) : null;
    }

    private static String firstGroup(Matcher matcher) {
        String found = "";
        for (int i = 1; i <= matcher.groupCount(); i++) {
            found = matcher.group(i) != null ? matcher.group(i) : found;
        }
        return found.toUpperCase(Locale.ROOT);
    }

    /** One letter, or several joined by commas, which never equal a gold. */
    static String letters(String text) {
        List<String> letters = new ArrayList<>();
        Matcher matcher = LETTER.matcher(text);
        while (matcher.find()) {
            if (!letters.contains(matcher.group())) {
                letters.add(matcher.group());
            }
        }
        return String.join(", ", letters);
    }

    /** The text without LaTeX styles, emphasis and mathematics signs, with single spaces. */
    static String plain(String text) {
        return SPACES.matcher(STYLES.matcher(text).replaceAll(" "))
                .replaceAll(" ")
                .replace("( ", "(")
                .replace(" )", ")")
                .strip();
    }
}
