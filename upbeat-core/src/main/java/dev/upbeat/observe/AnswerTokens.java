package dev.upbeat.observe;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the tokens of a response's answer: those of the last {@code \boxed{..}} that is closed, from its backslash to
 * its brace, else those of the last sentence. A sentence begins after a line break, or after a full stop, exclamation
 * or question mark that is followed by space (Chinese and Japanese marks need none). A last token such as
 * {@code <|im_end|>} or {@code </s>} is not part of a sentence.
 */
final class AnswerTokens {
    private static final String BOXED = "\\boxed{";
    private static final Pattern SENTENCE_END = Pattern.compile("[.!?][\"'”’)\\]}$*]*\\s+|[。！？][”’）」』]*\\s*|\\n\\s*");
    private static final Pattern STOP_TOKEN = Pattern.compile("\\s*<[^<>\\s]+>\\s*");

    private AnswerTokens() {}

    /**
     * Whether each token belongs to the answer.
     *
     * @param tokens text of each response token, [T]
     * @return [T], all false if the response is blank
     */
    static boolean[] of(List<String> tokens) {
        int last = tokens.size() - 1;
        boolean stops = last > 0 && STOP_TOKEN.matcher(tokens.get(last)).matches();
        String text = String.join("", stops ? tokens.subList(0, last) : tokens);
        Span span = boxed(text);
        if (span == null) {
            span = lastSentence(text);
        }
        boolean[] answer = new boolean[tokens.size()];
        int start = 0;
        for (int t = 0; t < answer.length; t++) {
            int end = start + tokens.get(t).length();
            answer[t] = start < span.end && end > span.start;
            start = end;
        }
        return answer;
    }

    /** Characters [start, end). */
    private record Span(int start, int end) {}

    /** The last closed {@code \boxed{..}}; null if there is none. Escaped braces do not count. */
    private static @Nullable Span boxed(String text) {
        Span found = null;
        Deque<Integer> open = new ArrayDeque<>(); // start of \boxed{, or -1 for another brace
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (text.startsWith(BOXED, i)) {
                open.push(i);
                i += BOXED.length() - 1;
            } else if (c == '\\') {
                i++;
            } else if (c == '{') {
                open.push(-1);
            } else if (c == '}' && !open.isEmpty()) {
                int start = open.pop();
                if (start >= 0) {
                    found = new Span(start, i + 1);
                }
            }
        }
        return found;
    }

    private static Span lastSentence(String text) {
        int end = text.stripTrailing().length();
        int start = text.length() - text.stripLeading().length();
        Matcher ends = SENTENCE_END.matcher(text).region(0, end);
        while (ends.find()) {
            start = ends.end() < end ? Math.max(start, ends.end()) : start;
        }
        return new Span(start, end);
    }
}
