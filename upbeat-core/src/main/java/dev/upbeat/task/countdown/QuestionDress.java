package dev.upbeat.task.countdown;

import dev.upbeat.task.Problem;
import dev.upbeat.trace.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A question in words, for any language model, as TinyZero asks it (Pan et al. 2025): reasoning in {@code <think>}, the
 * expression in {@code <answer>}. A model without a chat template gets TinyZero's conversation as raw text with the first
 * words of the answer; through a chat template the question alone is asked. Other than TinyZero's, an answer need not
 * stand on the last line.
 */
record QuestionDress() implements Dress {
    private static final String OPEN = "<answer>";
    private static final String CLOSE = "</answer>";

    @Override
    public Problem problem(String id, Puzzle puzzle) {
        String question = "Using the numbers " + puzzle.numbers() + ", create an equation that equals "
                + puzzle.target() + ". You can use basic arithmetic operations (+, -, *, /) and each number can only be"
                + " used once. Show your work in <think> </think> tags. And return the final answer in <answer>"
                + " </answer> tags, for example <answer> (1 + 2) / 3 </answer>.";
        String conversation = "A conversation between User and Assistant. The user asks a question, and the Assistant"
                + " solves it. The assistant first thinks about the reasoning process and then gives the answer.\n"
                + "User: " + question + "\nAssistant: Let me solve this step by step.\n<think>";
        return new Problem(id, List.of(new Message("user", question)), conversation, puzzle.toJson());
    }

    @Override
    public @Nullable String answer(String response) {
        int close = response.lastIndexOf(CLOSE);
        int open = close < 0 ? -1 : response.lastIndexOf(OPEN, close);
        return open < 0 ? null : response.substring(open + OPEN.length(), close);
    }

    @Override
    public String place() {
        return "<answer> .. </answer>";
    }
}
