package dev.upbeat.task;

import dev.upbeat.io.BadInputException;
import org.jspecify.annotations.Nullable;

/**
 * How rows are asked: a row's own prompt as it stands, a question in the task's style; where a style is asked for, every
 * row's question in that.
 */
public final class Asking {
    private final PromptStyle style;
    private final boolean asked;

    /**
     * @param prompt as {@link PromptStyle#of} reads it; null where nobody asks for one
     * @param usual the task's
     */
    public Asking(@Nullable String prompt, PromptStyle usual) {
        this.style = prompt == null ? usual : PromptStyle.of(prompt, usual);
        this.asked = prompt != null;
    }

    /**
     * @param answer what the verifier compares with
     * @throws BadInputException where a style is asked for and the row has no question
     */
    public Problem problem(TaskRow row, String answer) {
        String question = row.question();
        boolean own = row.messages() != null || row.text() != null;
        if ((own && !asked) || question == null) {
            if (asked) {
                throw new BadInputException(
                        "row " + row.id() + " has a prompt of its own and no question, which a prompt"
                                + " style is for; add a question, or leave the style out");
            }
            return new Problem(row.id(), row.messages(), row.text(), answer);
        }
        return new Problem(row.id(), style.messages(question), style.text(question), answer);
    }
}
