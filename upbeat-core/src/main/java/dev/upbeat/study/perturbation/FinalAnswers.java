package dev.upbeat.study.perturbation;

import org.jspecify.annotations.Nullable;

/** Final answers of the responses to the problems of a run, found and compared by a task's verifier. */
public interface FinalAnswers {
    /**
     * The final answer of a response; null if it has none.
     *
     * @param trace number of the problem in the run
     * @param ended whether the response has an end; one that was cut off has a final answer only if it marks one
     */
    @Nullable
    String of(int trace, String response, boolean ended);

    /**
     * Whether a response has this final answer.
     *
     * @param trace number of the problem in the run
     */
    boolean has(int trace, String answer, String response);

    /**
     * Whether a response solves its problem; null if the problem's right answer is not known.
     *
     * @param trace number of the problem in the run
     */
    @Nullable
    Boolean correct(int trace, String response);
}
