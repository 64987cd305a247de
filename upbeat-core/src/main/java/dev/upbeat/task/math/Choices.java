package dev.upbeat.task.math;

import dev.upbeat.task.AnswerText;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Multiple choice: a gold that is a letter, with or without its option's text. */
final class Choices {
    private static final int TAIL = 4_000;

    private static final Pattern GOLD =
            Pattern.compile("^\\$?(?:\\\\(?:text|mathrm|textbf|mbox)\\{)?\\(?([A-J])\\)?\\}?\\$?(?:[.:)]|\\b)");
    private static final Pattern ONLY =
            Pattern.compile("[\\s$*{}().:\\\\]*(?:text|mathrm|textbf|mbox|option)?[\\s{(*]*([A-J])[\\s$*{}().:\\\\]*");
    private static final Pattern WITH_TEXT = Pattern.compile("\\(?([A-J])[).:]\\s.*", Pattern.DOTALL);
    private static final Pattern FIRST = Pattern.compile("^\\s*\\(?([A-J])(?![A-Za-z0-9'])(?=[).:,。不\\s]|$)");
    private static final Pattern CUE = Pattern.compile(
            "(?i:answer|réponse|respuesta|antwort|risposta|resposta|ответ|答案|option|choice|it's|it is)[^A-Z\\n]{0,30}?\\(?\\b([A-J])\\b(?!'|[)}$]*\\s*[-+*/^=_<>\\\\])");

    private Choices() {}

    /** The letter that a gold is, null where it is none. */
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
        return option ? matcher.group(1) : null;
    }

    /** The letter that a response chooses; null where the response must be read as mathematics. */
    static @Nullable String chosen(String response, String gold, String letter) {
        String text = AnswerText.of(response);
        if (text == null) {
            return null;
        }
        if (text.contains("\\boxed") || text.contains("<answer>") || text.contains("####")) {
            Extraction.Found found = Extraction.find(text);
            return found == null ? null : inAnswer(found.text(), gold, letter);
        }
        String tail = text.length() <= TAIL ? text : text.substring(text.length() - TAIL);
        String whole = inAnswer(tail, gold, letter);
        if (whole != null) {
            return whole;
        }
        String cued = null;
        Matcher matcher = CUE.matcher(tail);
        while (matcher.find()) {
            boolean denied = tail.substring(matcher.start(), matcher.start(1)).contains("n't")
                    || tail.substring(matcher.start(), matcher.start(1)).contains("not");
            cued = denied ? cued : matcher.group(1);
        }
        if (cued != null) {
            return cued;
        }
        Matcher first = FIRST.matcher(tail);
        return first.find() ? first.group(1) : null;
    }

    private static @Nullable String inAnswer(String answer, String gold, String letter) {
        String stripped = answer.strip();
        Matcher only = ONLY.matcher(stripped);
        if (only.matches()) {
            return only.group(1);
        }
        Matcher withText = WITH_TEXT.matcher(stripped);
        if (stripped.length() < 300 && withText.matches()) {
            return withText.group(1);
        }
        String option = LatexText.words(gold)
                .substring(Math.min(1, LatexText.words(gold).length()));
        return !option.isEmpty() && LatexText.words(stripped).equals(option) ? letter : null;
    }
}
