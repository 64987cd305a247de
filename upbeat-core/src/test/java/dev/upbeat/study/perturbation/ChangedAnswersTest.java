package dev.upbeat.study.perturbation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Shares of changed answers, worked by hand. */
class ChangedAnswersTest {
    private static PerturbedProblem problem(@Nullable String answer, List<List<@Nullable Boolean>> changed) {
        List<PerturbedProblem.Position> positions = IntStream.range(0, changed.size())
                .mapToObj(at -> new PerturbedProblem.Position(
                        at,
                        "t",
                        0,
                        0,
                        0,
                        "",
                        "",
                        changed.get(at).stream()
                                .map(each -> new PerturbedProblem.Alternative(
                                        "u", 0.1, 1, "v", new double[] {0.5, 0.25}, "1", each))
                                .toList()))
                .toList();
        Map<Criterion, int[]> chosen = Map.of(Criterion.HIGH_FAI, new int[] {0, 1}, Criterion.LOW_FAI, new int[] {2});
        return new PerturbedProblem("p", 0, 9, chosen, positions, answer, null);
    }

    @Test
    void theShareIsOfTheAlternativesThatCount() {
        PerturbedProblem problem =
                problem("1", List.of(Arrays.asList(true, null), List.of(false, true), Arrays.asList((Boolean) null)));
        assertThat(problem.changedAnswers(Criterion.HIGH_FAI)).isCloseTo(2 / 3.0, within(1e-12));
        assertThat(problem.changedAnswers(Criterion.LOW_FAI)).isNaN();
        assertThat(problem.changedAnswers(Criterion.RANDOM)).isNaN();
    }

    @Test
    void answersAreComparedAtTheEndOnly() {
        PerturbationSettings settings = new PerturbationSettings(
                1,
                1,
                false,
                List.of(8, PerturbationSettings.END),
                0,
                9,
                1_000,
                0,
                Set.of(),
                List.of(Criterion.HIGH_FAI, Criterion.LOW_FAI),
                Words.CONTENT);
        PerturbedProblem all = problem("1", List.of(List.of(true), List.of(true), List.of(false)));
        PerturbedProblem half = problem("1", List.of(List.of(true), List.of(false), List.of(false)));
        PerturbedProblem none = problem(null, List.of(List.of(), List.of(), List.of()));
        List<Comparison> comparisons = Comparison.all(List.of(all, half, none), settings);
        assertThat(comparisons).hasSize(2);
        assertThat(comparisons.get(0).changedAnswers()).isNull();
        Paired changed = Objects.requireNonNull(comparisons.get(1).changedAnswers());
        assertThat(changed.problems()).isEqualTo(2);
        assertThat(changed.first()).isEqualTo(0.75);
        assertThat(changed.second()).isZero();
        assertThat(changed.difference()).isEqualTo(0.75);
        assertThat(Comparison.all(List.of(none), settings).get(1).changedAnswers())
                .isNull();
    }
}
