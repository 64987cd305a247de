package dev.upbeat.task.math;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the option that running text chooses: the last letter that is called the answer, is called correct, or ends a
 * conclusion.
 * Letters that are ruled out do not count, nor do the pronoun I and the article A.
 */
final class ChoiceInProse {
    private static final int TAIL = 4_000;

    /** A letter with or without brackets that is neither part of a word nor a symbol of a formula. */
    private static final String LETTER = "(\\(?(?<![A-Za-z0-9_\\\\])[A-J](?![A-Za-z0-9_'])\\)?)(?! ?[-+*/^_=<>\\\\])";

    private static final Pattern CALLED_ANSWER = Pattern.compile(
            "(?i:answers?|réponse|respuesta|antwort|risposta|resposta|ответ|答案|options?|choice|choose|chose|pick|select(?:ed)?|go with"
                    + "|it's|it is|it must be|it should be|must be|that is|that's|left with)"
                    + "[^A-Z\\n.]{0,30}?(?<![A-Za-z])" + LETTER);
    private static final Pattern CALLED_CORRECT = Pattern.compile(LETTER
            + "[.:)]? (?:is|must be|would be|seems|appears to be|gives) (?i:(?:also |indeed |clearly |thus |therefore )?(?:the )?"
            + "(?:only )?(?:best |most )?(?:correct|right|true|answer|accurate|best|one that)\\b)");
    private static final Pattern CONCLUDED = Pattern.compile(
            "(?:^|[.!?;:,\\n] ?)(?i:so|thus|hence|therefore|then|finally|this leaves|that leaves|which leaves|leaving)\\b,? ?(?:(?i:only|us with|with|just|we have|we get) )?"
                    + LETTER + "(?: remains| is left)?(?= ?(?:[.!,;]|\\n|$))");
    private static final Pattern LAST_LINE = Pattern.compile("(?:^|\\n) ?" + LETTER + "[.:]?(?: [^\\n]{1,120})?\\s*$");
    private static final Pattern BRACKETED_END = Pattern.compile("\\(([A-J])\\)[^\\n]{0,60}$");
    private static final Pattern FIRST =
            Pattern.compile("^ ?\\(?([A-J])(?:\\)|[.:,]|[^\\x00-\\x7f]|$|\\n| (?:because|since|as|is)\\b)");

    private static final Pattern MORE = Pattern.compile(
            "^ ?(?:,|;|/|&|,? ?\\b(?:and|or)\\b) ?(\\(?[A-J]\\)?)(?![A-Za-z0-9'])(?! (?:is|are|was|were|does|has|have|can|would|will|think|know)\\b)");
    private static final Pattern DENIED = Pattern.compile(
            "n't|\\b(?i:not|never|neither|eliminated?|exclude[ds]?|rule[ds]? out|wrong|incorrect|than|except)\\b");
    private static final Pattern DENIED_AFTER = Pattern.compile(
            "^[.)]? ?(?:(?:,|and|or|nor) ?\\(?[A-J]\\)? ?)*(?:(?:is|are|was|were|can|could|does|do|must|would|looks|seems) ?(?:clearly |also |both |all )?(?:not|n't|wrong|incorrect|false|out|eliminated|ruled|excluded|too|impossible)|isn't|aren't|can't|cannot|doesn't|wouldn't)\\b");

    /** "A:" before a sentence, which marks a speaker. */
    private static final Pattern SPEAKER =
            Pattern.compile("^: ?(?:I|We|You|The|Let|To|First|It|This|In|Since|If|So|There|My|Yes|No)\\b");

    private ChoiceInProse() {}

    static boolean isSpeaker(String text) {
        return text.startsWith("A") && SPEAKER.matcher(text.substring(1)).find();
    }

    /** The letter, several letters joined by commas, or null. */
    static @Nullable String of(String response) {
        String tail = response.length() <= TAIL ? response : response.substring(response.length() - TAIL);
        String text = spelled(tail);
        String chosen = null;
        int end = -1;
        for (Pattern pattern : new Pattern[] {CALLED_ANSWER, CALLED_CORRECT, CONCLUDED}) {
            Matcher matcher = pattern.matcher(text);
            int from = 0;
            while (from <= text.length() && matcher.find(from)) {
                if (matcher.end(1) > end && isMeant(text, matcher)) {
                    end = matcher.end(1);
                    chosen = withFurther(text, matcher.group(1), end);
                }
                from = Math.max(matcher.start(1), from + 1);
            }
        }
        if (chosen != null) {
            return chosen;
        }
        for (Pattern pattern : new Pattern[] {LAST_LINE, BRACKETED_END, FIRST}) {
            Matcher matcher = pattern.matcher(text);
            if (matcher.find() && isMeant(text, matcher)) {
                return withFurther(text, matcher.group(1), matcher.end(1));
            }
        }
        return null;
    }

    /** The text without LaTeX styles and emphasis; lines stay. */
    private static String spelled(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (String line : text.split("\n", -1)) {
            out.append(out.length() == 0 ? "" : "\n").append(Choices.plain(line));
        }
        return out.toString().strip();
    }

    private static boolean isMeant(String text, Matcher matcher) {
        String letter = matcher.group(1);
        String before = text.substring(matcher.start(), matcher.start(1));
        String after = text.substring(matcher.end(1), Math.min(text.length(), matcher.end(1) + 60));
        boolean bare = letter.length() == 1;
        if (letter.equals("A") && SPEAKER.matcher(after).find()) {
            return false;
        }
        if (DENIED.matcher(before).find() || DENIED_AFTER.matcher(after).find()) {
            return false;
        }
        if (bare && letter.equals("I")) {
            return before.matches("(?is).*(?:option|choice|answer is)\\W*") && !after.matches("(?s) [a-z].*");
        }
        // "the answer is A triangle" and "it is A good idea" begin with an article
        return !(bare
                && letter.equals("A")
                && after.matches("(?s) (?!is\\b|because\\b|since\\b|and\\b|or\\b|as\\b)[a-z].*"));
    }

    private static String withFurther(String text, String letter, int end) {
        StringBuilder letters = new StringBuilder(letter);
        int at = end;
        Matcher more = MORE.matcher(text.substring(at));
        while (more.find() && !more.group(1).equals("I")) {
            letters.append(' ').append(more.group(1));
            at += more.end();
            more = MORE.matcher(text.substring(at));
        }
        return Choices.letters(letters.toString());
    }
}
