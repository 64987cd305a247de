package dev.upbeat.task.countdown;

import dev.upbeat.task.countdown.Search.Attempt;
import dev.upbeat.task.countdown.SearchSpace.Step;

/**
 * A search in the words of TinyZero's prompt, for language models:
 *
 * <pre>
 * &lt;think>
 * Try 44 + 6 = 50, which leaves 37 and 50. 50 + 37 = 87, not 75.
 * Try 37 - 6 = 31, which leaves 44 and 31. 44 + 31 = 75, as wanted.
 * &lt;/think>
 * &lt;answer> 44 + (37 - 6) &lt;/answer>
 * </pre>
 *
 * A search that fails ends with {@code None gives 75; the closest is 87.} and the closest expression.
 */
final class SearchProse {
    private SearchProse() {}

    /** @param opened whether the prompt ends with {@code <think>} already */
    static String write(Search search, boolean opened) {
        int target = search.puzzle().target();
        StringBuilder text = new StringBuilder(opened ? "" : "<think>").append('\n');
        for (Attempt attempt : search.attempts()) {
            Step step = attempt.root().step();
            text.append("Try ").append(equation(step));
            text.append(", which leaves ").append(attempt.root().rest());
            text.append(" and ").append(step.result()).append(". ");
            text.append(equation(attempt.leaf()));
            text.append(attempt.distance(target) == 0 ? ", as wanted.\n" : ", not " + target + ".\n");
        }
        Attempt closest = search.closest();
        if (!search.hits()) {
            text.append("None gives ").append(target);
            text.append("; the closest is ").append(closest.leaf().result()).append(".\n");
        }
        String expression =
                String.join(" ", closest.expression()).replace("( ", "(").replace(" )", ")");
        return text + "</think>\n<answer> " + expression + " </answer>";
    }

    private static String equation(Step step) {
        return step.left() + " " + step.operation().symbol() + " " + step.right() + " = " + step.result();
    }
}
