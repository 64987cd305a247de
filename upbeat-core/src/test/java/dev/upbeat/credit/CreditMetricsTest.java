package dev.upbeat.credit;

import static dev.upbeat.credit.Batches.NAN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.trace.Step;
import dev.upbeat.trace.Update;
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
        assertThat(metrics.keySet()).containsExactly("credit/gamma_mean", "credit/amplified_share");
    }

    @Test
    void aStrategyWithoutWeightsHasNoWeightMetrics() {
        Step batch = Batches.of(Batches.tokens(2), Batches.tokens(1));
        List<Update> updates = List.of(new Update(new double[][] {{1, -2}, {0}}, null, Map.of("credit/own", 3.0)));
        Map<String, Double> metrics = CreditMetrics.of(batch, updates);
        assertThat(metrics.get("credit/gamma_mean")).isNaN();
        assertThat(metrics.get("credit/amplified_share")).isNaN();
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
