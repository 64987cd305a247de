package dev.upbeat.task.qa;

import dev.upbeat.task.AnswerText;
import dev.upbeat.task.Boxed;
import dev.upbeat.task.Latex;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the short answer of a response, and removes the marks around an answer that do not count. */
final class ShortAnswer {
    /** Characters at the end of a response that are searched for words such as "the answer is". */
    private static final int SEARCHED = 20_000;

    private static final Pattern TOLD = Pattern.compile(
            "(?i)(?:\\b(?:final|correct|best|right)\\s{1,3})?"
                    + "\\b(?:answer|option|choice)s?(?:\\s{1,3}(?:is|are|would be|should be)|\\s{0,3}:)\\s{0,3}:?[*_]{0,3}\\s{0,5}([^\\n]{1,2000})");
    private static final Pattern WRAPPED =
            Pattern.compile("(?s)" + Latex.any(Latex.STYLES, "boxed", "fbox") + "\\s{0,3}\\{(.*)\\}");

    private static final List<String> PAIRS = List.of("$$", "**", "__", "``", "\"\"", "''", "“”", "()", "[]", "{}");

    private ShortAnswer() {}

    /**
     * The marked answer of a response: the content of the last box and the boxes joined to it ({@link Boxed}), else of the
     * last {@code <answer>}, else the text after the last "the answer is" or "Answer:"; null if there is none.
     */
    static @Nullable String marked(String response) {
        Boxed boxed = Boxed.complete(response);
        if (boxed != null) {
            return String.join(", ", boxed.answers());
        }
        String tagged = AnswerText.tagged(response);
        if (tagged != null) {
            return tagged;
        }
        Matcher matcher = TOLD.matcher(end(response));
        String told = null;
        while (matcher.find()) {
            told = matcher.group(1).strip();
        }
        return told == null || told.isEmpty() ? null : told;
    }

    private static String end(String response) {
        return response.substring(Math.max(0, response.length() - SEARCHED));
    }

    /** The last line of a response, which is its answer if no answer is marked; null for an empty response. */
    static @Nullable String lastLine(String response) {
        String stripped = end(response).strip();
        String line = stripped.substring(Math.max(stripped.lastIndexOf('\n'), stripped.lastIndexOf('\r')) + 1)
                .strip();
        return line.isEmpty() ? null : line;
    }

    /** The answer without emphasis, mathematics signs, brackets and quotation marks around it, and without a period at its end. */
    static String bare(String answer) {
        String text = answer.strip();
        for (int layers = 0; layers < 8; layers++) {
            String before = text;
            text = stripped(text);
            if (text.equals(before)) {
                break;
            }
        }
        return text;
    }

    private static String stripped(String text) {
        Matcher wrapped = WRAPPED.matcher(text);
        if (wrapped.matches() && Latex.closing(text, wrapped.start(1) - 1) == text.length() - 1) {
            return wrapped.group(1).strip();
        }
        if (enclosed(text, "\\(", "\\)") || enclosed(text, "\\[", "\\]")) {
            return text.substring(2, text.length() - 2).strip();
        }
        for (String pair : PAIRS) {
            String left = pair.substring(0, 1);
            String right = pair.substring(1);
            if (enclosed(text, left, right)
                    && !text.substring(1, text.length() - 1).contains(left)) {
                return text.substring(1, text.length() - 1).strip();
            }
        }
        if (text.startsWith("**") && text.indexOf("**", 2) == text.length() - 2 && text.length() > 4) {
            return text.substring(2, text.length() - 2).strip();
        }
        return text.endsWith(".") ? text.substring(0, text.length() - 1).strip() : text;
    }

    private static boolean enclosed(String text, String left, String right) {
        return text.length() > left.length() + right.length() && text.startsWith(left) && text.endsWith(right);
    }

    /** The form for comparing: lower case, white space as one space, without articles at the start and a comma between thousands. */
    static String normal(String answer) {
        return bare(answer)
                .toLowerCase(Locale.ROOT)
                .replaceAll("(?<=[0-9]),(?=[0-9]{3}(?![0-9]))", "")
                .replaceAll("\\s+", " ")
                .replaceFirst("^(?:the|an|a) (?=\\S)", "")
                .strip();
    }
}
