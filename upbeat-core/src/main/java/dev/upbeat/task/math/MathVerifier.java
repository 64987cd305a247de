package dev.upbeat.task.math;

import dev.upbeat.trace.Score;
import java.util.Map;

/** Whether a response gives the answer that a mathematical problem has. */
public final class MathVerifier {
    private MathVerifier() {}

    /**
     * The verdict on one response: in bounded time and memory, never an exception, whatever the texts.
     *
     * @param gold the right answer as a data set gives it: plain text, LaTeX, or a solution that ends in {@code \boxed{}}
     * @param response the text after the prompt, special tokens left out
     */
    public static Score verify(String gold, String response) {
        String found = response.substring(Math.max(response.lastIndexOf(' '), response.lastIndexOf('\n')) + 1);
        boolean right = gold.strip().equals(found);
        return new Score(right ? 1 : 0, Map.of(Score.CORRECT, right ? 1.0 : 0.0), found, right ? "right" : "wrong");
    }
}
