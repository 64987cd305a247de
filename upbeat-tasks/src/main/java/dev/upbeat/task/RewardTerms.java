package dev.upbeat.task;

import dev.upbeat.io.BadInputException;
import dev.upbeat.trace.Score;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is added to the reward of a verdict; each term shows as a part of the score, and accuracy counts none of them.
 *
 * @param formatReward what a wrong answer in the right place is worth, 0 to below 1: TinyZero's is 0.1
 * @param form of the response that is rewarded
 * @param formReward added where a response has the form, from 0
 * @param lengthPenalty taken from the longest responses, from 0
 * @param lengthFrom characters from which on the penalty grows, linearly as DAPO's (arXiv 2503.14476, Eq. 13)
 * @param lengthTo characters at which it is whole, above {@code lengthFrom}
 */
public record RewardTerms(
        double formatReward, Form form, double formReward, double lengthPenalty, int lengthFrom, int lengthTo) {

    public static final RewardTerms NONE = new RewardTerms(0, Form.NONE, 0, 0, 2_000, 4_000);

    /** Marks that a response must have, each pair once and in this order, with nothing but white space around the first. */
    public enum Form {
        NONE,
        /** {@code <think> .. </think>} and then something. A prompt may have opened it already. */
        THINK,
        /** {@code <think> .. </think> <answer> .. </answer>} and nothing else. */
        THINK_ANSWER,
        /** One {@code \boxed} at least, after the thinking. */
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

        /** Where the only thought ends, -1 where there is none, or more than one. */
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

    /** Whether anything is added at all. */
    public boolean any() {
        return formatReward > 0 || formReward > 0 || lengthPenalty > 0;
    }

    /** A verdict with all terms. */
    public Score on(Score verdict, String response) {
        Map<String, Double> parts = new LinkedHashMap<>(verdict.parts());
        double reward = verdict.reward();
        if (formatReward > 0) {
            reward += part(parts, "format", verdict.correct() || verdict.parsed() == null ? 0 : formatReward);
        }
        if (formReward > 0) {
            reward += part(parts, "form", form.of(response) ? formReward : 0);
        }
        if (lengthPenalty > 0) {
            double over = (response.length() - lengthFrom) / (double) (lengthTo - lengthFrom);
            reward += part(parts, "length", -lengthPenalty * Math.min(1, Math.max(0, over)));
        }
        return new Score(reward, parts, verdict.parsed(), verdict.reason());
    }

    private static double part(Map<String, Double> parts, String name, double value) {
        parts.put(name, value + 0.0); // no negative zero
        return value;
    }
}
