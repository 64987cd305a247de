package dev.upbeat.task.math;

import dev.upbeat.task.Latex;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Removes labels in front of an answer: {@code \text{The answer is }5}, {@code Answer: 5}, {@code (C) 12}. */
final class Labels {
    private static final int LONGEST = 80;

    private static final Pattern AS_TEXT =
            Pattern.compile("^" + Latex.any(Latex.STYLES) + " ?\\{([^{}]{2,80})\\} ?([:=]?)");
    private static final Pattern PLAIN =
            Pattern.compile("^([A-Za-z][A-Za-z' ]{2,80}?(?: is| are| equals|:)) ?(?=[^\\sA-Za-z]|[a-zA-Z]\\b)");
    private static final Pattern ENDS = Pattern.compile("(?i)(?:[:=]|\\b(?:is|are|be|was|were|equals|equal to))$");
    private static final Pattern DENIES =
            Pattern.compile("(?i)\\b(?:not|no|never|neither|nor|cannot|without|except|if|unless)\\b|n't");
    private static final Pattern OPTION = Pattern.compile(
            "^(?:" + LatexText.STYLE + " ?)?"
                    + "(?:\\{? ?\\(([A-J])\\) ?[.:]? ?\\}?|([A-J])[.:)] |\\{ ?([A-J])[.:)]? ?\\} ?[.:)]?) ?(?=[^\\s+*/^_=<>,])");

    private Labels() {}

    /** The text without an announcement; the text itself if it has none. */
    static String removed(String cleaned) {
        if (cleaned.isEmpty() || !(cleaned.charAt(0) == '\\' || LatexText.isLetter(cleaned.charAt(0)))) {
            return cleaned;
        }
        Matcher text = AS_TEXT.matcher(cleaned);
        if (text.find()) {
            if (text.end() == cleaned.length()) {
                String inside = text.group(1).strip();
                Matcher plain = PLAIN.matcher(inside);
                return plain.find() && announces(plain.group(1)) ? rest(inside, plain.end()) : cleaned;
            }
            String label = (text.group(1) + text.group(2)).strip();
            return announces(label) ? rest(cleaned, text.end()) : cleaned;
        }
        Matcher plain = PLAIN.matcher(cleaned);
        return plain.find() && announces(plain.group(1)) ? rest(cleaned, plain.end()) : cleaned;
    }

    private static boolean announces(String label) {
        return label.length() <= LONGEST
                && ENDS.matcher(label).find()
                && !DENIES.matcher(label).find();
    }

    private static String rest(String cleaned, int from) {
        String rest = cleaned.substring(from).strip();
        return rest.isEmpty() ? cleaned : rest;
    }

    /** The text of an option without its letter, as in {@code \textbf{(C)}\ 12}; the text itself if it has no letter. */
    static String optionRemoved(String cleaned) {
        if (cleaned.isEmpty() || "\\({ABCDEFGHIJ".indexOf(cleaned.charAt(0)) < 0) {
            return cleaned;
        }
        Matcher option = OPTION.matcher(cleaned);
        return cleaned.length() < StatementParser.LONGEST && option.find() ? rest(cleaned, option.end()) : cleaned;
    }
}
