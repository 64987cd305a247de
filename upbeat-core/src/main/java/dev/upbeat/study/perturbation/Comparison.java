package dev.upbeat.study.perturbation;

import java.util.ArrayList;
import java.util.List;

/**
 * Comparison of two criteria at one horizon.
 *
 * @param first criterion whose tokens are expected to matter more, so that its overlap is lower
 * @param horizon number of tokens after the position that are compared, {@link PerturbationSettings#END} for all
 * @param paired paired difference over the problems
 */
public record Comparison(Criterion first, Criterion second, int horizon, Paired paired) {
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
        for (List<Criterion> pair : PAIRS) {
            for (int h = 0; h < settings.horizons().size(); h++) {
                if (settings.criteria().containsAll(pair)) {
                    Paired paired = Paired.of(
                            means(problems, pair.get(0), h),
                            means(problems, pair.get(1), h),
                            settings.resamples(),
                            settings.seed());
                    all.add(new Comparison(
                            pair.get(0), pair.get(1), settings.horizons().get(h), paired));
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

    /** Whether Table 1 of the paper has this comparison. */
    public boolean inTable1() {
        return first == Criterion.HIGH_FAI && second == Criterion.LOW_FAI;
    }

    public String label() {
        return first.label() + " against " + second.label();
    }
}
