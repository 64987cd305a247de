package dev.upbeat.app.study;

import dev.upbeat.app.study.output.Block;
import dev.upbeat.app.study.output.Format;
import dev.upbeat.study.perturbation.Criterion;
import dev.upbeat.study.perturbation.PerturbationExperiment;
import dev.upbeat.study.perturbation.PerturbedProblem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The examples of B.10, chosen by a rule and not by hand: for one problem, the alternatives with the median overlap at
 * the high-FAI and at the low-FAI positions.
 */
public final class Examples {
    /** Problem that the examples are from. */
    public enum Choice {
        /** The median difference between high and low FAI. */
        MEDIAN_DIFFERENCE,
        /** The shortest response that is right. */
        SHORTEST_CORRECT
    }

    private Examples() {}

    private record Example(PerturbedProblem.Position position, PerturbedProblem.Alternative alternative) {}

    static List<Block> of(PerturbationExperiment experiment, Choice choice) {
        int horizon = experiment.settings().horizons().size() - 1;
        List<Block> blocks = new ArrayList<>();
        List<PerturbedProblem> byDifference = experiment.problems().stream()
                .filter(problem -> !Double.isNaN(difference(problem, horizon)))
                .sorted(Comparator.comparingDouble(problem -> difference(problem, horizon)))
                .toList();
        if (byDifference.isEmpty()) {
            return blocks;
        }
        PerturbedProblem problem = choice == Choice.MEDIAN_DIFFERENCE
                ? byDifference.get((byDifference.size() - 1) / 2)
                : shortestCorrect(byDifference);
        if (problem == null) {
            blocks.add(new Block.Text("No response is right, so none can be the example."));
            return blocks;
        }
        blocks.add(new Block.Text("From " + problem.id() + ", "
                + (choice == Choice.MEDIAN_DIFFERENCE
                        ? "the problem with the median difference"
                        : "the shortest right response (" + problem.tokens() + " tokens)")
                + ": the alternatives of median overlap on each side, which are typical rather than extreme. The marked"
                + " word is the first that differs."));
        for (Criterion criterion : List.of(Criterion.HIGH_FAI, Criterion.LOW_FAI)) {
            List<Example> examples = problem.positions().stream()
                    .filter(position -> IntStream.of(problem.chosen().getOrDefault(criterion, new int[0]))
                            .anyMatch(each -> each == position.position()))
                    .flatMap(position -> position.alternatives().stream().map(each -> new Example(position, each)))
                    .sorted(Comparator.comparingDouble(each -> each.alternative.jaccard()[horizon]))
                    .toList();
            int middle = (examples.size() - 1) / 2;
            for (int i = Math.max(0, middle - 1); i <= Math.min(middle, examples.size() - 1); i++) {
                blocks.add(beside(criterion, examples.get(i), horizon));
            }
        }
        return blocks;
    }

    private static @Nullable PerturbedProblem shortestCorrect(List<PerturbedProblem> problems) {
        return problems.stream()
                .filter(problem -> Boolean.TRUE.equals(problem.correct()))
                .min(Comparator.comparingInt(PerturbedProblem::tokens))
                .orElse(null);
    }

    private static double difference(PerturbedProblem problem, int horizon) {
        return problem.mean(Criterion.HIGH_FAI, horizon) - problem.mean(Criterion.LOW_FAI, horizon);
    }

    private static Block beside(Criterion criterion, Example example, int horizon) {
        PerturbedProblem.Position position = example.position;
        String title = String.format(
                "%s: %s becomes %s at position %d, overlap %s",
                criterion.label(),
                visible(position.token()),
                visible(example.alternative.token()),
                position.position(),
                Format.decimal(example.alternative.jaccard()[horizon], 3));
        if (example.alternative.answerChanged() != null) {
            title +=
                    Boolean.TRUE.equals(example.alternative.answerChanged()) ? ", another answer" : ", the same answer";
        }
        return new Block.Beside(
                title,
                "the response",
                position.before() + position.token() + position.after(),
                "with the other token",
                position.before() + example.alternative.token() + example.alternative.text());
    }

    /** A token in quotes, its line breaks and tabs spelled out. */
    static String visible(String token) {
        return "\u201c" + token.replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r") + "\u201d";
    }
}
