package dev.upbeat.task;

import dev.upbeat.io.BadInputException;
import dev.upbeat.trace.Score;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A kind of problem: where problems come from and what is a right answer. Safe for use by several threads. */
public interface Task {
    /** As configurations and commands call it. */
    String name();

    /**
     * The problems of one training step, none of them a test problem. The same arguments give the same problems.
     *
     * @param step from 0
     * @param count the same at every step of a run: consecutive steps then see every problem once before any twice
     */
    List<Problem> prompts(long seed, long step, int count);

    /** The held-out problems, always the same. */
    List<Problem> test();

    /**
     * A user's own row as a problem of this task.
     *
     * @param answer what the row gives as its answer; null where it gives none
     * @throws BadInputException where the row is no problem of this task
     */
    Problem problem(String id, String question, @Nullable String answer);

    /**
     * The verdict on a response: whatever the response, an answer in bounded time and never an exception.
     *
     * @param response the text after the prompt, special tokens left out
     */
    Score verify(Problem problem, String response);
}
