package dev.upbeat.observe;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Splits a response into steps at blank lines, as arXiv 2509.26628 does. If a response has none, its steps end at line
 * breaks, as in the authors' code. A token in which a blank line ends is the last of its step.
 */
final class Steps {
    private static final Pattern BLANK_LINES = Pattern.compile("\\n(?:[ \\t\\r]*+\\n)++");
    private static final Pattern LINE_BREAKS = Pattern.compile("\\n");

    private Steps() {}

    /**
     * The step of each token.
     *
     * @param tokens text of each response token, [T]
     * @return from 0, ascending without gaps, [T]
     */
    static int[] of(List<String> tokens) {
        String text = String.join("", tokens);
        Matcher blank = BLANK_LINES.matcher(text);
        Matcher ends = blank.find() ? blank.reset() : LINE_BREAKS.matcher(text);
        int next = ends.find() ? ends.end() : Integer.MAX_VALUE;
        int[] steps = new int[tokens.size()];
        int step = 0;
        int end = 0;
        for (int t = 0; t < steps.length; t++) {
            end += tokens.get(t).length();
            steps[t] = step;
            if (end >= next) {
                step++;
                while (end >= next) {
                    next = ends.find() ? ends.end() : Integer.MAX_VALUE;
                }
            }
        }
        return steps;
    }
}
