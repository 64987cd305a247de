package dev.upbeat.judge;

import dev.upbeat.task.Problem;
import dev.upbeat.task.endpoint.ChatEndpoint.Answer;
import dev.upbeat.task.endpoint.ChatEndpoint.Token;
import dev.upbeat.trace.Observation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Verification of each step by a generative verifier, as in ThinkPRM (arXiv 2504.16828), which reasons about a step and
 * labels it {@code \boxed{correct}} or {@code \boxed{incorrect}}. The prompt and the score are choices of this project:
 * the score of a step is P(correct) / (P(correct) + P(incorrect)) at the first token of its label, or 1 or 0 without
 * log-probs.
 */
public record Verification() implements Judging {
    private static final Pattern LABEL =
            Pattern.compile("\\\\boxed\\{\\s*(?:\\\\text\\{\\s*)?(?<label>correct|incorrect)\\b");
    private static final String THOUGHT_END = "</think>";

    @Override
    public String series() {
        return Observation.STEP_SCORE;
    }

    @Override
    public int judgements() {
        return 1;
    }

    @Override
    public boolean judgesAll() {
        return false;
    }

    @Override
    public float withoutSteps() {
        return Float.NaN;
    }

    @Override
    public boolean readsLogProbs() {
        return true;
    }

    @Override
    public String prompt(Problem problem, ResponseSteps steps) {
        return "Verify a solution step by step.\n\n"
                + "Problem:\n" + Judging.question(problem) + "\n\n"
                + "Solution:\n" + steps.numbered()
                + "Write one paragraph for each of the " + steps.texts().size()
                + " steps, in order, also after a wrong one: "
                + "check the step, then end the paragraph with its label, \\boxed{correct} or \\boxed{incorrect}. Write no other "
                + "boxes. Example:\nStep 1: 3 times 4 is 12, as the step says. The step is \\boxed{correct}";
    }

    /**
     * Reads the labels after the verifier's thoughts; if their number is not that of the steps, all labels of the
     * answer.
     */
    @Override
    public double @Nullable [] read(Answer answer, int steps) {
        String text = answer.text();
        List<Integer> labels = labels(text, Math.max(0, text.lastIndexOf(THOUGHT_END)));
        if (labels.size() != steps) {
            labels = labels(text, 0);
        }
        if (!answer.complete() || labels.size() != steps) {
            return null;
        }
        double[] scores = new double[steps];
        for (int s = 0; s < steps; s++) {
            int at = labels.get(s);
            Double probability = probability(answer, at);
            scores[s] = probability != null ? probability : text.startsWith("correct", at) ? 1 : 0;
        }
        return scores;
    }

    /** The positions of the labels from an index on. */
    private static List<Integer> labels(String text, int from) {
        List<Integer> positions = new ArrayList<>();
        Matcher labels = LABEL.matcher(text);
        for (boolean found = labels.find(from); found; found = labels.find()) {
            positions.add(labels.start("label"));
        }
        return positions;
    }

    /** P(correct) / (P(correct) + P(incorrect)) at a label; null if the log-probs do not give it. */
    private static @Nullable Double probability(Answer answer, int at) {
        if (!answer.tokens().stream()
                .map(Token::text)
                .collect(Collectors.joining())
                .equals(answer.text())) {
            return null; // log-probs of another text, or of parts of characters
        }
        int start = 0;
        for (Token token : answer.tokens()) {
            int end = start + token.text().length();
            if (at < end) {
                return probability(token.logProbs(), token.text().substring(0, at - start));
            }
            start = end;
        }
        return null;
    }

    /** @param before text of the token before the label, such as a brace */
    private static @Nullable Double probability(Map<String, Double> logProbs, String before) {
        double correct = 0;
        double incorrect = 0;
        for (Map.Entry<String, Double> each : logProbs.entrySet()) {
            String text = each.getKey();
            if (text.startsWith(before) && text.length() > before.length()) {
                String label = text.substring(before.length()).toLowerCase(Locale.ROOT);
                correct += begins(label, "correct") ? Math.exp(each.getValue()) : 0;
                incorrect += begins(label, "incorrect") ? Math.exp(each.getValue()) : 0;
            }
        }
        return correct + incorrect > 0 ? (Double) (correct / (correct + incorrect)) : null;
    }

    /** Whether a token is the beginning of a label, or a label and more text. */
    private static boolean begins(String token, String label) {
        return label.startsWith(token) || token.startsWith(label);
    }
}
