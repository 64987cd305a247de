package dev.upbeat.credit;

import static dev.upbeat.credit.Batches.NAN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.trace.Step;
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
    void coupledRhythmTellsHowManyAnchorsAreCoupled() {
        Step batch = Batches.of(Batches.rhythm(new float[] {9, 1, 1, 1, 1}, new float[] {0, 5, 0, 0, NAN}));
        Credit credit = CreditOptions.of("coupled-rhythm").credit();
        Map<String, Double> metrics = CreditMetrics.of(batch, credit.apply(batch));
        assertThat(metrics).containsEntry("credit/coupled_share", 0.5);
    }
}
