package dev.upbeat.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.upbeat.io.BadInputException;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AccuracyTest {
    /** z = 1.96, z^2 = 3.8415; centre (0.8 + 0.19207) / 1.38415, half-width 1.96 sqrt(0.016 + 0.0096036) / 1.38415. */
    @Test
    void eightOfTenHasWilsonsInterval() {
        Accuracy accuracy = Accuracy.of(new int[] {1, 1, 1, 1, 0, 1, 1, 0, 1, 1}, 1, 0);
        assertThat(accuracy.mean()).isEqualTo(0.8);
        assertThat(accuracy.interval().low()).isCloseTo(0.4902, within(1e-4));
        assertThat(accuracy.interval().high()).isCloseTo(0.9433, within(1e-4));
        assertThat(accuracy.method()).isEqualTo(Accuracy.Method.WILSON);
        assertThat(accuracy.passAt()).containsOnlyKeys(1);
    }

    /** Of none in n the upper end is z^2 / (n + z^2). */
    @Test
    void noneAndAllHaveAnIntervalOnOneSide() {
        Accuracy none = Accuracy.of(new int[20], 1, 0);
        assertThat(none.interval().low()).isZero();
        assertThat(none.interval().high()).isCloseTo(3.841459 / 23.841459, within(1e-6));
        int[] all = new int[20];
        Arrays.fill(all, 1);
        assertThat(Accuracy.of(all, 1, 0))
                .returns(1.0, a -> a.interval().high())
                .satisfies(accuracy -> assertThat(accuracy.interval().low())
                        .isCloseTo(1 - none.interval().high(), within(1e-9)));
    }

    /** 1 - C(n-c,k)/C(n,k): of 5 answers 2 right: k=1 2/5, k=2 1 - 3/10, k=3 1 - 1/10, k=4 1. */
    @Test
    void passAtKIsTheChanceOfARightAnswer() {
        assertThat(Accuracy.passAt(5, 2, 1)).isCloseTo(0.4, within(1e-12));
        assertThat(Accuracy.passAt(5, 2, 2)).isCloseTo(0.7, within(1e-12));
        assertThat(Accuracy.passAt(5, 2, 3)).isCloseTo(0.9, within(1e-12));
        assertThat(Accuracy.passAt(5, 2, 4)).isEqualTo(1);
        assertThat(Accuracy.passAt(5, 0, 5)).isZero();
        assertThat(Accuracy.passAt(1000, 1, 1000)).isEqualTo(1);
        assertThat(Accuracy.passAt(1000, 10, 64)).isCloseTo(exactPassAt(1000, 10, 64), within(1e-12));
    }

    @Test
    void avgAndPassAreMeansOverProblems() {
        Accuracy accuracy = Accuracy.of(new int[] {2, 0, 5, 5}, 5, 0);
        assertThat(accuracy.mean()).isEqualTo(0.6);
        assertThat(accuracy.passAt()).containsOnlyKeys(1, 2, 4, 5);
        assertThat(accuracy.passAt().get(1)).isCloseTo(0.6, within(1e-12));
        assertThat(accuracy.passAt().get(2)).isCloseTo((0.7 + 0 + 1 + 1) / 4, within(1e-12));
        assertThat(accuracy.passAt().get(5)).isCloseTo(0.75, within(1e-12));
    }

    /** The mean's standard error is 0.5 / 20 where half of 400 problems are always right and half always wrong. */
    @Test
    void theBootstrapTakesProblemsAndNotAnswersForIndependent() {
        int[] correct = new int[400];
        Arrays.fill(correct, 0, 200, 8);
        Accuracy accuracy = Accuracy.of(correct, 8, 3);
        assertThat(accuracy.method()).isEqualTo(Accuracy.Method.BOOTSTRAP);
        assertThat(accuracy.interval().low()).isCloseTo(0.5 - 1.96 * 0.025, within(0.004));
        assertThat(accuracy.interval().high()).isCloseTo(0.5 + 1.96 * 0.025, within(0.004));
        assertThat(Accuracy.of(correct, 8, 3)).isEqualTo(accuracy);
    }

    @Test
    void theBootstrapCoversTheTruthNineteenTimesInTwenty() {
        SplittableRandom random = new SplittableRandom(9);
        int covered = 0;
        for (int set = 0; set < 100; set++) {
            int[] correct = new int[60];
            Arrays.setAll(correct, i -> {
                double p = random.nextDouble(); // its mean, 0.5, is the truth
                int right = 0;
                for (int k = 0; k < 4; k++) {
                    right += random.nextDouble() < p ? 1 : 0;
                }
                return right;
            });
            Accuracy accuracy = Accuracy.of(correct, 4, set);
            covered += accuracy.interval().low() <= 0.5
                            && 0.5 <= accuracy.interval().high()
                    ? 1
                    : 0;
        }
        assertThat(covered).isBetween(88, 100);
    }

    @Test
    void equalProblemsHaveTheWilsonInterval() {
        Accuracy none = Accuracy.of(new int[20], 16, 0);
        assertThat(none.method()).isEqualTo(Accuracy.Method.WILSON);
        assertThat(none.interval().high()).isCloseTo(3.841459 / 23.841459, within(1e-6));
        assertThat(Accuracy.of(new int[] {4, 4, 4}, 8, 0))
                .returns(0.5, Accuracy::mean)
                .returns(Accuracy.Method.WILSON, Accuracy::method);
    }

    @Test
    void nothingToAverageIsRefused() {
        assertThatThrownBy(() -> Accuracy.of(new int[0], 1, 0)).isInstanceOf(BadInputException.class);
        assertThatThrownBy(() -> Accuracy.of(new int[] {2}, 1, 0)).hasMessageContaining("2 right answers of 1");
    }

    /** The same by a product of k fractions in another order: C(n-c,k)/C(n,k) = C(n-k,c)/C(n,c). */
    private static double exactPassAt(int n, int c, int k) {
        double none = 1;
        for (int i = 0; i < c; i++) {
            none *= (n - k - i) / (double) (n - i);
        }
        return 1 - none;
    }
}
