package dev.upbeat.task;

import dev.upbeat.io.BadInputException;
import dev.upbeat.trace.Score;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Terms that are added to the reward of a verdict. Each is a part of the score; accuracy ignores them. A response that was
 * cut off earns none of them, only the penalty.
 *
 * @param formatReward reward of a wrong answer in a place that marks it, 0 to below 1; TinyZero has 0.1
 * @param form a response form that is rewarded
 * @param formReward added if a response has the form, from 0
 * @param lengthPenalty subtracted from the reward of the longest responses, from 0
 * @param lengthFrom characters from which the penalty grows, linearly as in DAPO (arXiv 2503.14476, Eq. 13)
 * @param lengthTo characters from which the penalty is full, above {@code lengthFrom}
 */
public record RewardTerms(
        double formatReward, Form form, double formReward, double lengthPenalty, int lengthFrom, int lengthTo) {

    public static final RewardTerms NONE = new RewardTerms(0, Form.NONE, 0, 0, 2_000, 4_000);

    /** Marks that a response must have: each pair once, in this order, with only white space before the first. */
    public enum Form {
        NONE,
        /** {@code <think> .. </think>} and text after it. The prompt may have opened the block. */
        THINK,
        /** Exactly {@code <think> .. </think> <answer> .. </answer>}. */
        THINK_ANSWER,
        /** At least one {@code \boxed} after the thinking. */
        BOXED;

        boolean of(String response) {
            String text = response.strip();
            return switch (this) {
                case NONE -> false;
                case BOXED -> {
                    String answer = AnswerText.of(text);
                    yield answer != null && answer.contains("\\boxed{");
                }
                case THINK -> afterThought(text) >= 0 && afterThought(text) < text.length();
                case THINK_ANSWER -> {
                    int thought = afterThought(text);
                    String rest = thought < 0 ? "" : text.substring(thought).strip();
                    yield rest.startsWith("<answer>")
                            && rest.endsWith("</answer>")
                            && rest.lastIndexOf("<answer>") == 0
                            && rest.indexOf("</answer>") == rest.length() - "</answer>".length();
                }
            };
        }

        /** Index after the only thought; -1 if there is no thought, or more than one. */
        private static int afterThought(String text) {
            int close = text.indexOf("</think>");
            boolean once = close > 0
                    && text.lastIndexOf("</think>") == close
                    && text.lastIndexOf("<think>") <= 0; // at the start, or in the prompt
            return once ? close + "</think>".length() : -1;
        }
    }

    public RewardTerms {
        if (!(formatReward >= 0 && formatReward < 1)) {
            throw new BadInputException("format reward " + formatReward + ": expected 0 (off) to below 1, such as 0.1");
        }
        requireWeight("form reward", formReward);
        requireWeight("length penalty", lengthPenalty);
        if (lengthFrom < 0 || lengthTo <= lengthFrom) {
            throw new BadInputException("length " + lengthFrom + " to " + lengthTo
                    + ": expected two numbers of characters, the first from 0, the second above it");
        }
    }

    private static void requireWeight(String name, double value) {
        if (!(value >= 0 && value <= 1_000)) {
            throw new BadInputException(name + " " + value + ": expected 0 (off) to 1000");
        }
    }

    /** Whether any term is added. */
    public boolean any() {
        return formatReward > 0 || formReward > 0 || lengthPenalty > 0;
    }

    /**
     * The verdict with all terms added.
     *
     * @param truncated whether the response was cut off before a stop token
     */
    public Score on(Score verdict, String response, boolean truncated) {
        Map<String, Double> parts = new LinkedHashMap<>(verdict.parts());
        double reward = verdict.reward();
        if (formatReward > 0) {
            boolean earned = verdict.marked() && !verdict.correct() && !truncated;
            reward += part(parts, "format", earned ? formatReward : 0);
        }
        if (formReward > 0) {
            reward += part(parts, "form", !truncated && form.of(response) ? formReward : 0);
        }
        if (lengthPenalty > 0) {
            double over = (response.length() - lengthFrom) / (double) (lengthTo - lengthFrom);
            reward += part(parts, "length", -lengthPenalty * Math.min(1, Math.max(0, over)));
        }
        return new Score(reward, parts, verdict.parsed(), verdict.reason(), verdict.marked());
    }

    private static double part(Map<String, Double> parts, String name, double value) {
        parts.put(name, value + 0.0); // no negative zero
        return value;
    }
}
