package dev.upbeat.credit;

import static dev.upbeat.credit.Batches.NAN;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CreditMetricsTest {
    @Test
    void meanAndShareAreOverAllTokensOfTheBatch() {
        CreditBatch batch = Batches.of(Batches.entropies(1, 2, 3, 4, 5), Batches.entropies(1));
        Credit credit = CreditOptions.of("high-entropy").credit();
        CreditMetrics metrics = CreditMetrics.of(credit, batch, credit.gamma(batch));
        // 2 of 5 and 1 of 1
        assertThat(metrics.gammaMean()).isEqualTo((3 + 2 * 1.5 + 1.5) / 6);
        assertThat(metrics.amplifiedShare()).isEqualTo(0.5);
        assertThat(metrics.byName().keySet()).containsExactly("credit/gamma_mean", "credit/amplified_share");
    }

    @Test
    void coupledRhythmTellsHowManyAnchorsAreCoupled() {
        CreditBatch batch = Batches.of(Batches.rhythm(new float[] {9, 1, 1, 1, 1}, new float[] {0, 5, 0, 0, NAN}));
        Credit credit = CreditOptions.of("coupled-rhythm").credit();
        CreditMetrics metrics = CreditMetrics.of(credit, batch, credit.gamma(batch));
        assertThat(metrics.coupledShare()).hasValue(0.5);
        assertThat(metrics.byName()).containsEntry("credit/coupled_share", 0.5);
    }
}
