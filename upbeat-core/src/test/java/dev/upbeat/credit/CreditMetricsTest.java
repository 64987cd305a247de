package dev.upbeat.credit;

import static dev.upbeat.credit.Batches.NAN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.trace.ObservedStep;
import dev.upbeat.trace.Rollouts;
import dev.upbeat.trace.Scores;
import dev.upbeat.trace.Step;
import dev.upbeat.trace.Trace;
import dev.upbeat.trace.Update;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CreditMetricsTest {
    @Test
    void meanAndShareAreOverAllTokensOfTheBatch() {
        Step batch = Batches.of(Batches.entropies(1, 2, 3, 4, 5), Batches.entropies(1));
        Credit credit = CreditOptions.of("high-entropy").credit();
        Map<String, Double> metrics = CreditMetrics.of(batch, credit.apply(batch));
        // 2 of 5 and 1 of 1
        assertThat(metrics.get("credit/gamma_mean")).isEqualTo((3 + 2 * 1.5 + 1.5) / 6);
        assertThat(metrics.get("credit/amplified_share")).isEqualTo(0.5);
        assertThat(metrics.get("credit/gamma_mean_all")).isEqualTo((3 + 2 * 1.5 + 1.5) / 6);
        assertThat(metrics.keySet())
                .containsExactly("credit/gamma_mean", "credit/amplified_share", "credit/gamma_mean_all");
    }

    @Test
    void anUnobservedResponseCountsWithWeightOneInTheMeanOfAll() {
        List<Trace> traces = List.of(
                new Trace("0", new int[] {1}, new int[2], null, 1, null),
                new Trace("1", new int[] {1}, new int[3], null, 1, null));
        List<float[]> drawn = List.of(new float[2], new float[3]);
        Step step = new Step(
                0,
                1,
                new Rollouts(2, traces, drawn, new boolean[2], 0),
                new Scores(List.of(), new double[2]),
                new float[] {1, 0},
                new ObservedStep(Arrays.asList(Batches.logProbs(-3, 0), null), null, 0, 0));
        for (String strategy : List.of("high-entropy", "lopti")) {
            Credit credit = CreditOptions.of(strategy).credit();
            Map<String, Double> metrics = CreditMetrics.of(step, credit.apply(step));
            double sum = strategy.equals("lopti") ? 2 : 2.5;
            assertThat(metrics.get("credit/gamma_mean")).isEqualTo(sum / 2);
            assertThat(metrics.get("credit/gamma_mean_all")).isEqualTo((sum + 3) / 5);
        }
    }

    @Test
    void aStrategyWithoutWeightsHasNoWeightMetrics() {
        Step batch = Batches.of(Batches.tokens(2), Batches.tokens(1));
        List<Update> updates = List.of(new Update(new double[][] {{1, -2}, {0}}, null, Map.of("credit/own", 3.0)));
        Map<String, Double> metrics = CreditMetrics.of(batch, updates);
        assertThat(metrics.get("credit/gamma_mean")).isNaN();
        assertThat(metrics.get("credit/amplified_share")).isNaN();
        assertThat(metrics.get("credit/gamma_mean_all")).isNaN();
        assertThat(metrics).containsEntry("credit/own", 3.0);
        assertThat(CreditMetrics.gamma(updates, 0)).isNull();
        assertThat(CreditMetrics.tokenAdvantages(updates, 0)).containsExactly(1, -2);
        assertThat(CreditMetrics.anyAdvantage(updates)).isTrue();
    }

    @Test
    void tokenAdvantagesOfSeveralUpdatesAddUp() {
        Step batch = Batches.of(new float[] {-2}, Batches.logProbs((float) Math.log(0.25), 0));
        List<Update> updates = CreditOptions.of("lopti").credit().apply(batch);
        assertThat(CreditMetrics.tokenAdvantages(updates, 0)).containsExactly(-2, -2);
        assertThat(CreditMetrics.anyAdvantage(List.of(new Update(new double[][] {{0}}, null, Map.of()))))
                .isFalse();
    }

    @Test
    void coupledRhythmTellsHowManyAnchorsAreCoupled() {
        Step batch = Batches.of(Batches.rhythm(new float[] {9, 1, 1, 1, 1}, new float[] {0, 5, 0, 0, NAN}));
        Credit credit = CreditOptions.of("coupled-rhythm").credit();
        Map<String, Double> metrics = CreditMetrics.of(batch, credit.apply(batch));
        assertThat(metrics).containsEntry("credit/coupled_share", 0.5);
    }
}
