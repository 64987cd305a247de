package dev.upbeat.task.math;

import dev.upbeat.task.AnswerText;
import dev.upbeat.task.Boxed;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the answer in a response. The first of these that the response has counts:
 *
 * <ol>
 *   <li>the last {@code \boxed{}} or {@code \fbox{}}, with the boxes joined to it ({@link Boxed})
 *   <li>the last {@code <answer>}
 *   <li>the line after the last {@code ####}
 *   <li>the whole text, if it is only an answer
 *   <li>the sentence after the last "answer is" or "answer:"
 *   <li>the last formula between mathematics signs, or the last number, whichever ends later
 * </ol>
 *
 * Only the text after the last thinking block is read ({@link AnswerText}).
 */
final class Extraction {
    /** Characters at the end of a response that are searched, which bounds the time. */
    private static final int TAIL = 4_000;

    private static final String WHOLE = "the whole response";
    private static final String LAST = "the last formula or number";

    private static final Pattern BOX_COMMAND = Pattern.compile("^\\\\(?:boxed|fbox)\\s*");
    private static final Pattern CUE = Pattern.compile(
            "(?i)\\b(?:final\\s+answer|answer|result)(?:\\s+is\\b|\\s*[:=]|\\s+is\\s*:|:\\**)\\**\\s*:?");
    private static final String BEFORE_NUMBER = "(?<![A-Za-z0-9_.,/])";
    private static final String PLAIN_NUMBER =
            "[-+−]?(?:\\d{1,3}(?:,\\d{3})+(?!\\d)|\\d{1,3}(?: \\d{3})+(?![\\d/])|\\d+)?"
                    + "(?:\\.\\d{0,99}\\(\\d{1,99}\\)|\\.\\d{1,99}(?:\\.{3}|…)|[.,]?\\d+)?(?:[eE][-+]?\\d{1,3}\\b)?(?: ?/ ?\\d+| \\d+/\\d+)?(?: ?(?:\\\\?%|percent(?:age)?\\b|pct\\b))?";
    private static final Pattern NUMBER = Pattern.compile(BEFORE_NUMBER + PLAIN_NUMBER);
    private static final Pattern NUMBER_OR_TIME = Pattern.compile(BEFORE_NUMBER
            + "(?:\\d{1,4}(?: ?: ?\\d{1,4}){1,3}(?: ?[aApP]\\.?[mM]\\b)?(?!\\d|[.:]\\d)|" + PLAIN_NUMBER + ")");
    private static final Pattern PERCENT = Pattern.compile("^[ $)\\\\]*(?:%|percent(?:age)?\\b|pct\\b)");
    private static final Pattern EDGES = Pattern.compile("^[*\\s:]+|[*\\s.]+$");
    /** A decimal that ends in an ellipsis. */
    private static final Pattern CUT_OFF = Pattern.compile("\\.\\d{1,300}\\.{2,}[*\\s.]*$");

    private static final Pattern PROSE = Pattern.compile("[A-Za-z]{3,}");

    private Extraction() {}

    /**
     * @param text the answer as written
     * @param source its place in the response, in a few words
     */
    record Found(String text, String source) {
        /** Whether the place marks the text as the answer. */
        boolean marked() {
            return !source.equals(WHOLE) && !source.equals(LAST);
        }
    }

    /** The answer of a response; null if it has none. */
    static @Nullable Found find(String response) {
        String text = AnswerText.of(response);
        if (text == null) {
            return null;
        }
        Found boxed = boxed(text);
        if (boxed != null) {
            return boxed;
        }
        String tail = text.length() <= TAIL ? text : text.substring(text.length() - TAIL);
        String tagged = between(tail, "<answer>", "</answer>");
        if (tagged != null) {
            return marked(tagged, "<answer>");
        }
        int hashes = tail.lastIndexOf("####");
        if (hashes >= 0) {
            return marked(line(tail.substring(hashes + 4)), "####");
        }
        String ended = withoutEndOfTurn(tail);
        if (isNothingElse(text)) {
            return new Found(text.strip(), WHOLE);
        }
        Found cued = cued(ended);
        return cued != null ? cued : last(ended, LAST);
    }

    /** The last formula or number of a sentence; the whole sentence if it has neither. */
    private static Found marked(String text, String source) {
        Found in = Answer.isUnderstood(text) ? null : last(text, source);
        return in == null ? new Found(text, source) : in;
    }

    private static String withoutEndOfTurn(String text) {
        int mark = text.indexOf("<|im_");
        int other = text.indexOf("<|eot");
        int end = mark < 0 ? other : other < 0 ? mark : Math.min(mark, other);
        return end < 0 ? text : text.substring(0, end);
    }

    private static @Nullable String between(String text, String open, String close) {
        int start = text.lastIndexOf(open);
        if (start < 0) {
            return null;
        }
        int end = text.indexOf(close, start);
        return text.substring(start + open.length(), end < 0 ? text.length() : end)
                .strip();
    }

    private static String line(String text) {
        String stripped = text.strip();
        int end = stripped.indexOf('\n');
        return end < 0 ? stripped : stripped.substring(0, end).strip();
    }

    private static @Nullable Found boxed(String text) {
        int last = Boxed.lastCommand(text, text.length());
        if (last < 0) {
            return null;
        }
        Boxed boxed = Boxed.mathematics(text);
        if (boxed == null) {
            String word = line(BOX_COMMAND.matcher(text.substring(last)).replaceFirst(""));
            return word.isEmpty() ? null : new Found(word.split("[\\s$]", 2)[0], "\\boxed");
        }
        String joined = String.join(" , ", boxed.answers());
        String after = text.substring(boxed.end(), Math.min(text.length(), boxed.end() + 19));
        boolean percent = boxed.answers().size() == 1 && PERCENT.matcher(after).find();
        return new Found(percent ? joined + "%" : joined, "\\boxed");
    }

    private static String content(String text, int[] formula) {
        return text.substring(formula[0], formula[1]).strip();
    }

    /** Whether a text is one line that reads as an answer. */
    private static boolean isNothingElse(String text) {
        String stripped = text.strip();
        if (stripped.isEmpty()
                || stripped.length() > 400
                || (stripped.indexOf('\n') >= 0 && !stripped.contains("\\begin"))) {
            return false;
        }
        return Answer.isUnderstood(stripped);
    }

    private static @Nullable Found cued(String text) {
        Matcher matcher = CUE.matcher(text);
        int end = -1;
        while (matcher.find()) {
            end = matcher.end();
        }
        if (end < 0) {
            return null;
        }
        String sentence = sentence(text.substring(end));
        if (sentence.isEmpty()) {
            return null;
        }
        String bare = EDGES.matcher(sentence).replaceAll("");
        bare = CUT_OFF.matcher(sentence).find() ? bare + "..." : bare;
        if (Answer.isUnderstood(bare) || bare.length() <= 3) {
            return new Found(bare, "the answer is");
        }
        Found first = first(bare);
        return first != null ? first : new Found(bare, "the answer is");
    }

    /** The answer at the beginning of a sentence, else its last formula or number. */
    private static @Nullable Found first(String sentence) {
        List<int[]> formulas = formulas(sentence);
        if (!formulas.isEmpty() && formulas.get(0)[2] <= 1 && formulas.size() == 1) {
            return new Found(content(sentence, formulas.get(0)), "the answer is");
        }
        Matcher number = numbers(sentence);
        if (formulas.isEmpty() && number.lookingAt() && hasDigit(number.group())) {
            return new Found(number.group().strip(), "the answer is");
        }
        return last(sentence, "the answer is");
    }

    /** The text up to the end of its first sentence or line; a formula belongs to it as a whole. */
    private static String sentence(String text) {
        String stripped = text.strip();
        boolean formula = false;
        for (int i = 0; i < stripped.length(); i++) {
            char c = stripped.charAt(i);
            char next = i + 1 < stripped.length() ? stripped.charAt(i + 1) : ' ';
            if (c == '$') {
                formula = !formula;
            } else if (c == '\n' && i > 0 && !formula && !stripped.startsWith("\\[")) {
                return stripped.substring(0, i);
            } else if (c == '.' && Character.isWhitespace(next) && !formula) {
                return stripped.substring(0, i);
            }
        }
        return stripped;
    }

    private static Matcher numbers(String text) {
        return (text.indexOf(':') < 0 ? NUMBER : NUMBER_OR_TIME).matcher(text);
    }

    private static boolean hasDigit(String text) {
        return text.chars().anyMatch(c -> '0' <= c && c <= '9');
    }

    /** The last formula, with those joined to it, or the last number, whichever ends later. */
    private static @Nullable Found last(String text, String source) {
        List<int[]> formulas = formulas(text);
        int formulaEnd = formulas.isEmpty() ? -1 : formulas.get(formulas.size() - 1)[3];
        Matcher matcher = numbers(text);
        String number = null;
        int numberEnd = -1;
        while (matcher.find()) {
            if (hasDigit(matcher.group())) {
                number = matcher.group().strip();
                numberEnd = matcher.end();
            }
        }
        if (formulaEnd < 0 || numberEnd > formulaEnd) {
            return number == null ? null : new Found(number, source);
        }
        int[] formula = formulas.get(formulas.size() - 1);
        List<String> answers = new ArrayList<>(List.of(content(text, formula)));
        for (int i = formulas.size() - 2; i >= 0; i--) {
            int from = formulas.get(i)[3];
            int to = formulas.get(i + 1)[2];
            String plain = text.substring(from, Math.max(from, to)).strip();
            if (!plain.equals("and") && !plain.equals(",") && !plain.equals("or") && !plain.equals(", and")) {
                break;
            }
            answers.add(0, content(text, formulas.get(i)));
        }
        String joined = String.join(" , ", answers);
        boolean percent = PERCENT.matcher(text.substring(formulaEnd)).find();
        return new Found(percent ? joined + "%" : joined, source);
    }

    /** Indices of each formula: its content from and to, its signs from and to. */
    private static List<int[]> formulas(String text) {
        List<int[]> formulas = new ArrayList<>();
        for (int i = 0; i < text.length() - 1; i++) {
            char c = text.charAt(i);
            char next = text.charAt(i + 1);
            String close;
            if (c == '\\' && (next == '(' || next == '[')) {
                close = next == '(' ? "\\)" : "\\]";
            } else if (c == '$') {
                close = next == '$' ? "$$" : "$";
            } else {
                i += c == '\\' ? 1 : 0;
                continue;
            }
            int start = i + (c == '$' ? close.length() : 2);
            int end = closing(text, start, close);
            if (end < 0) {
                i = start - 1;
                continue;
            }
            if (isFormula(text.substring(start, end))) {
                formulas.add(new int[] {start, end, i, end + close.length()});
                i = end + close.length() - 1;
            } else {
                i = start - 1; // a price
            }
        }
        return formulas;
    }

    private static int closing(String text, int start, String close) {
        int end = text.indexOf(close, start);
        while (end > 0 && close.equals("$") && text.charAt(end - 1) == '\\') {
            end = text.indexOf(close, end + 1);
        }
        return end;
    }

    /** Rejects the text between two prices: "10 and then " of "$10 and then $20". */
    private static boolean isFormula(String inside) {
        if (inside.isBlank() || inside.length() > 2_000) {
            return false;
        }
        boolean price = LatexText.isDigit(inside.charAt(0)) && inside.indexOf('\\') < 0;
        return !price || !PROSE.matcher(inside).find();
    }
}
