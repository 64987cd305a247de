package dev.upbeat.task;

import dev.upbeat.io.BadInputException;
import org.jspecify.annotations.Nullable;

/**
 * Turns rows into problems. With a prompt style every question is put in that style; without one a row's own prompt is used
 * unchanged, and a question is put in the task's usual style.
 */
public final class Prompting {
    private final PromptStyle style;
    private final boolean styled;

    /**
     * @param prompt prompt style as {@link PromptStyle#of} reads it; null for none
     * @param usual the task's usual style
     */
    public Prompting(@Nullable String prompt, PromptStyle usual) {
        this.style = prompt == null ? usual : PromptStyle.of(prompt, usual);
        this.styled = prompt != null;
    }

    /**
     * @param answer what the verifier compares with
     * @throws BadInputException if there is a style and the row has no question
     */
    public Problem problem(TaskRow row, String answer) {
        String question = row.question();
        boolean own = row.messages() != null || row.text() != null;
        if ((own && !styled) || question == null) {
            if (styled) {
                throw new BadInputException(
                        "row " + row.id() + " has a prompt of its own and no question, which a prompt"
                                + " style is for; add a question, or leave the style out");
            }
            return new Problem(row.id(), row.messages(), row.text(), answer);
        }
        return new Problem(row.id(), style.messages(question), style.text(question), answer);
    }
}
