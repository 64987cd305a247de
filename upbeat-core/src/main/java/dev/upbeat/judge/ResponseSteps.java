package dev.upbeat.judge;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The steps of a response: its paragraphs, or its sentences if it has only one paragraph. A line break ends a sentence
 * too.
 *
 * @param texts text of each step, without white space around it
 * @param ofToken step of each response token, from 0, [T]; -1 if there are no steps
 */
public record ResponseSteps(List<String> texts, int[] ofToken) {
    private static final Pattern PARAGRAPH_END = Pattern.compile("\\R[ \\t]*\\R\\s*");
    private static final Pattern SENTENCE_END = Pattern.compile("[.!?][\"')\\]*]*\\s+|\\R\\s*");

    /** The number of a list item, such as "2.": its period does not end a sentence. */
    private static final Pattern ITEM_NUMBER = Pattern.compile("\\W*+\\d++[.)]\\s*+");

    public ResponseSteps {
        texts = List.copyOf(texts);
    }

    /**
     * Divides a response. A token belongs to the step of its first character that is not white
     * space; if it has none, to that of its first character.
     *
     * @param tokens text of each token, [T]
     */
    public static ResponseSteps of(List<String> tokens) {
        String text = String.join("", tokens);
        List<Integer> starts = starts(text, PARAGRAPH_END);
        if (starts.size() <= 1) {
            starts = starts(text, SENTENCE_END);
        }
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < starts.size(); i++) {
            int end = i + 1 < starts.size() ? starts.get(i + 1) : text.length();
            texts.add(text.substring(starts.get(i), end).strip());
        }
        return new ResponseSteps(texts, ofToken(tokens, starts));
    }

    /** Start of each step that is not blank; white space after a step belongs to it. */
    private static List<Integer> starts(String text, Pattern end) {
        List<Integer> starts = new ArrayList<>();
        int start = 0;
        Matcher ends = end.matcher(text);
        while (ends.find()) {
            String step = text.substring(start, ends.end());
            if (!step.isBlank() && !ITEM_NUMBER.matcher(step).matches()) {
                starts.add(start);
                start = ends.end();
            }
        }
        if (!text.substring(start).isBlank()) {
            starts.add(start);
        }
        return starts;
    }

    private static int[] ofToken(List<String> tokens, List<Integer> starts) {
        int[] steps = new int[tokens.size()];
        if (starts.isEmpty()) {
            Arrays.fill(steps, -1);
            return steps;
        }
        int position = 0;
        int step = 0;
        for (int t = 0; t < steps.length; t++) {
            String token = tokens.get(t);
            String ink = token.stripLeading();
            int first = position + (ink.isEmpty() ? 0 : token.length() - ink.length());
            while (step + 1 < starts.size() && first >= starts.get(step + 1)) {
                step++;
            }
            steps[t] = step;
            position += token.length();
        }
        return steps;
    }

    /**
     * The value of each token's step, [T].
     *
     * @param withoutSteps value of each token if there are no steps
     */
    public float[] spread(float[] values, float withoutSteps) {
        float[] spread = new float[ofToken.length];
        for (int t = 0; t < spread.length; t++) {
            spread[t] = ofToken[t] < 0 ? withoutSteps : values[ofToken[t]];
        }
        return spread;
    }

    /** The steps in a prompt, each with its number from 1. */
    String numbered() {
        StringBuilder numbered = new StringBuilder();
        for (int i = 0; i < texts.size(); i++) {
            numbered.append("Step ")
                    .append(i + 1)
                    .append(": ")
                    .append(texts.get(i))
                    .append("\n\n");
        }
        return numbered.toString();
    }
}
