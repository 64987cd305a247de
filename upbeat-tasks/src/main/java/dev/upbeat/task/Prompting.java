package dev.upbeat.task;

import dev.upbeat.io.BadInputException;
import dev.upbeat.trace.Prompt;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns rows into problems. With a prompt style every question is put in that style; without one a row's own prompt is used
 * unchanged, and a question is put in the task's usual style.
 */
public final class Prompting {
    private final PromptStyle style;
    private final boolean styled;
    private final boolean usual;

    /**
     * @param prompt prompt style as {@link PromptStyle#of} reads it; null for none
     * @param usual the task's usual style
     */
    public Prompting(@Nullable String prompt, PromptStyle usual) {
        this.style = prompt == null ? usual : PromptStyle.of(prompt, usual);
        this.styled = prompt != null;
        this.usual = prompt == null || prompt.equals(PromptStyle.USUAL);
    }

    /**
     * @param answer for the verifier
     * @throws BadInputException if there is a style and the row has no question
     */
    public Problem problem(TaskRow row, String answer) {
        return new Problem(row.id(), prompt(row), answer);
    }

    /**
     * The prompt of a row, without the row's variables of the chat template if a style words it.
     *
     * @throws BadInputException if there is a style and the row has no question
     */
    public Prompt prompt(TaskRow row) {
        String question = row.question();
        if (keepsPromptOf(row) || question == null) {
            if (styled) {
                throw new BadInputException(
                        "row " + row.id() + " has a prompt but no question, and a prompt style needs a question; "
                                + "add a question, or leave the prompt style out");
            }
            return row.prompt();
        }
        return asked(question);
    }

    /** Whether a row's own prompt is used unchanged. */
    public boolean keepsPromptOf(TaskRow row) {
        return row.hasOwnPrompt() && !styled;
    }

    /** The prompt of a question that a task words itself: its usual prompt unless another style is set. */
    public Prompt prompt(String question, Prompt usualPrompt) {
        return usual ? usualPrompt : asked(question);
    }

    private Prompt asked(String question) {
        return new Prompt(style.messages(question), style.text(question), Map.of());
    }
}
