package dev.upbeat.task.countdown;

import dev.upbeat.task.AnswerText;
import dev.upbeat.task.Boxed;
import dev.upbeat.task.Problem;
import dev.upbeat.task.PromptStyle;
import dev.upbeat.task.Prompting;
import dev.upbeat.task.TaskRow;
import dev.upbeat.trace.Message;
import dev.upbeat.trace.Prompt;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A question in words, for any language model, in the words of TinyZero (Pan et al. 2025): reasoning in {@code <think>}, the
 * expression in {@code <answer>}. A model without a chat template gets TinyZero's conversation as raw text with the first
 * words of the answer; a chat template gets the question alone. Unlike in TinyZero, the answer need not be on the last line,
 * and without an {@code <answer>} the last {@code \boxed} counts, because other prompts ask for it. Only the text after the
 * thinking is read.
 */
final class QuestionFormat implements AnswerFormat {
    private final Prompting prompting;

    /** @param prompt as {@link PromptStyle#of} reads it; null for TinyZero's prompt and for rows' own prompts */
    QuestionFormat(@Nullable String prompt) {
        prompting = new Prompting(prompt, PromptStyle.BARE);
    }

    @Override
    public Problem problem(String id, Puzzle puzzle) {
        String sentence = "Using the numbers " + puzzle.numbers() + ", create an equation that equals "
                + puzzle.target() + ". You can use basic arithmetic operations (+, -, *, /) and each number can only be"
                + " used once.";
        String question = sentence + " Show your work in <think> </think> tags. And return the final answer in <answer>"
                + " </answer> tags, for example <answer> (1 + 2) / 3 </answer>.";
        String conversation = "A conversation between User and Assistant. The user asks a question, and the Assistant"
                + " solves it. The assistant first thinks about the reasoning process and then gives the answer.\n"
                + "User: " + question + "\nAssistant: Let me solve this step by step.\n<think>";
        Prompt usual = new Prompt(List.of(new Message("user", question)), conversation, Map.of());
        return new Problem(id, prompting.prompt(sentence, usual), puzzle.toJson());
    }

    @Override
    public Problem problem(TaskRow row, Puzzle puzzle) {
        return prompting.keepsPromptOf(row)
                ? new Problem(row.id(), row.prompt(), puzzle.toJson())
                : problem(row.id(), puzzle);
    }

    @Override
    public @Nullable String answer(String whole) {
        String response = AnswerText.of(whole);
        if (response == null) {
            return null;
        }
        String tagged = AnswerText.tagged(response);
        if (tagged != null) {
            return tagged;
        }
        Boxed boxed = Boxed.complete(response);
        return boxed == null ? null : inPlainSigns(boxed.answer());
    }

    private static String inPlainSigns(String latex) {
        return latex.replace("\\times", "*")
                .replace("\\cdot", "*")
                .replace("\\div", "/")
                .replace("\\left(", "(")
                .replace("\\right)", ")")
                .replace('×', '*')
                .replace('÷', '/')
                .replace('−', '-');
    }

    @Override
    public String place() {
        return "<answer> .. </answer>, or in \\boxed{ .. }, after the thinking";
    }
}
