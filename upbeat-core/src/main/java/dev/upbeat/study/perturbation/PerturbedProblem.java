package dev.upbeat.study.perturbation;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The result of perturbing one response.
 *
 * @param id of the response
 * @param trace its number in the run
 * @param tokens T
 * @param chosen response positions by each criterion
 * @param positions each chosen position once, ascending
 * @param answer final answer of the response; null if it has none, or answers are not compared
 * @param correct whether the answer is right; null if that is not known
 */
public record PerturbedProblem(
        String id,
        int trace,
        int tokens,
        Map<Criterion, int[]> chosen,
        List<Position> positions,
        @Nullable String answer,
        @Nullable Boolean correct) {

    /**
     * @param position in the response, from 0
     * @param token the response's own
     * @param fai of it
     * @param waad of it
     * @param entropyNats of it
     * @param before text of the response before it
     * @param after text of the response after it
     * @param alternatives the most likely first
     */
    public record Position(
            int position,
            String token,
            double fai,
            double waad,
            double entropyNats,
            String before,
            String after,
            List<Alternative> alternatives) {}

    /**
     * @param token put in the place of the response's own
     * @param probability that the model gave it
     * @param tokens of the continuation
     * @param text of the continuation
     * @param jaccard overlap of words with the response's own continuation, one value per horizon
     * @param answer final answer of the changed response; null if it has none, or answers are not compared
     * @param answerChanged whether the final answer differs from the response's; null if the response has none, the
     *     continuation was cut off before one, or answers are not compared
     */
    public record Alternative(
            String token,
            double probability,
            int tokens,
            String text,
            double[] jaccard,
            @Nullable String answer,
            @Nullable Boolean answerChanged) {}

    /** Mean overlap over the alternatives at a criterion's positions; NaN if there are none. */
    public double mean(Criterion criterion, int horizon) {
        return alternatives(criterion)
                .mapToDouble(alternative -> alternative.jaccard[horizon])
                .average()
                .orElse(Double.NaN);
    }

    /**
     * Share of the alternatives at a criterion's positions that change the final answer; NaN if that is not known of
     * any.
     */
    public double changedAnswers(Criterion criterion) {
        return alternatives(criterion)
                .flatMap(alternative -> Stream.ofNullable(alternative.answerChanged()))
                .mapToDouble(changed -> changed ? 1 : 0)
                .average()
                .orElse(Double.NaN);
    }

    private Stream<Alternative> alternatives(Criterion criterion) {
        int[] of = chosen.getOrDefault(criterion, new int[0]);
        return positions.stream()
                .filter(each -> Arrays.stream(of).anyMatch(position -> position == each.position))
                .flatMap(each -> each.alternatives.stream());
    }
}
