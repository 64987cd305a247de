package dev.upbeat.study.perturbation;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Comparison of two criteria at one horizon.
 *
 * @param first criterion whose tokens are expected to matter more, so that its overlap is lower
 * @param horizon number of tokens after the position that are compared, {@link PerturbationSettings#END} for all
 * @param paired paired difference of the overlap over the problems
 * @param changedAnswers paired difference of the shares of alternatives that change the final answer; null if answers
 *     are not compared, or the horizon is not the end
 */
public record Comparison(
        Criterion first,
        Criterion second,
        int horizon,
        Paired paired,
        @Nullable Paired changedAnswers) {
    private static final List<List<Criterion>> PAIRS = List.of(
            List.of(Criterion.HIGH_FAI, Criterion.LOW_FAI),
            List.of(Criterion.HIGH_FAI, Criterion.MATCHED),
            List.of(Criterion.HIGH_FAI, Criterion.RANDOM),
            List.of(Criterion.HIGH_FAI, Criterion.HIGH_ENTROPY),
            List.of(Criterion.HIGH_WAAD, Criterion.LOW_WAAD),
            List.of(Criterion.HIGH_ENTROPY, Criterion.LOW_ENTROPY));

    /** Compares every pair whose criteria are both in the settings, at every horizon. */
    static List<Comparison> all(List<PerturbedProblem> problems, PerturbationSettings settings) {
        List<Comparison> all = new ArrayList<>();
        boolean answers = problems.stream().anyMatch(problem -> problem.answer() != null);
        for (List<Criterion> pair : PAIRS) {
            for (int h = 0; h < settings.horizons().size(); h++) {
                if (settings.criteria().containsAll(pair)) {
                    Paired paired = Paired.of(
                            means(problems, pair.get(0), h),
                            means(problems, pair.get(1), h),
                            settings.resamples(),
                            settings.seed());
                    int horizon = settings.horizons().get(h);
                    Paired changed = answers && horizon == PerturbationSettings.END
                            ? Paired.of(
                                    changed(problems, pair.get(0)),
                                    changed(problems, pair.get(1)),
                                    settings.resamples(),
                                    settings.seed())
                            : null;
                    all.add(new Comparison(pair.get(0), pair.get(1), horizon, paired, changed));
                }
            }
        }
        return all;
    }

    private static double[] means(List<PerturbedProblem> problems, Criterion criterion, int horizon) {
        return problems.stream()
                .mapToDouble(problem -> problem.mean(criterion, horizon))
                .toArray();
    }

    private static double[] changed(List<PerturbedProblem> problems, Criterion criterion) {
        return problems.stream()
                .mapToDouble(problem -> problem.changedAnswers(criterion))
                .toArray();
    }

    /** Whether Table 1 of the paper has this comparison. */
    public boolean inTable1() {
        return first == Criterion.HIGH_FAI && second == Criterion.LOW_FAI;
    }

    public String label() {
        return first.label() + " against " + second.label();
    }
}
