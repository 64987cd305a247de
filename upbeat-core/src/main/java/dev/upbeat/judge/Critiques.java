package dev.upbeat.judge;

import dev.upbeat.task.Problem;
import dev.upbeat.task.endpoint.ChatEndpoint.Answer;
import dev.upbeat.trace.Observation;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Critiques of a response, as in CAPO (arXiv 2508.02298): each names the wrong steps. The series has the share of
 * critiques that name a token's step. The prompt is a choice of this project.
 *
 * @param judgements K, number of critiques
 */
public record Critiques(int judgements) implements Judging {
    /** Possessive, so that no answer takes quadratic time or deep recursion. */
    private static final Pattern LAST_LINE = Pattern.compile(
            "\\W*+wrong steps?[^\\w:]*+:\\W*+(?<steps>none|\\d++(?:[\\s,;]++\\d++)*+)\\W*+", Pattern.CASE_INSENSITIVE);

    @Override
    public String series() {
        return Observation.STEP_WRONG;
    }

    @Override
    public boolean judgesAll() {
        return true;
    }

    @Override
    public float withoutSteps() {
        return 0;
    }

    @Override
    public boolean readsLogProbs() {
        return false;
    }

    @Override
    public String prompt(Problem problem, ResponseSteps steps) {
        return "Find the wrong steps in a solution. A step is wrong if it makes an error of its own: in calculation, in logic or in "
                + "reading the problem. A correct step that continues an earlier error is not wrong.\n\n"
                + "Problem:\n" + Judging.question(problem) + "\n\n"
                + (problem.answer().isBlank() ? "" : "Reference answer: " + problem.answer() + "\n\n")
                + "Solution:\n" + steps.numbered()
                + "Check the steps one by one. Then end with one line that lists the numbers of all wrong steps, or none, in "
                + "exactly this form:\nWrong steps: 2, 5\nWrong steps: none";
    }

    /** 1 for the steps that the last line names, 0 for others. */
    @Override
    public double @Nullable [] read(Answer answer, int steps) {
        String[] lines = answer.text().strip().split("\\R");
        Matcher last = LAST_LINE.matcher(lines[lines.length - 1]);
        if (!answer.complete() || !last.matches()) {
            return null;
        }
        double[] wrong = new double[steps];
        String named = last.group("steps");
        if (!named.equalsIgnoreCase("none")) {
            for (String number : named.split("[\\s,;]+")) {
                int step = number.length() > 6 ? 0 : Integer.parseInt(number);
                if (step < 1 || step > steps) {
                    return null;
                }
                wrong[step - 1] = 1;
            }
        }
        return wrong;
    }
}
