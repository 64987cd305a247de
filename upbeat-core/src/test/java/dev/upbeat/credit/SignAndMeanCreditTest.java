package dev.upbeat.credit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.upbeat.io.BadInputException;
import dev.upbeat.trace.Step;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SignAndMeanCreditTest {
    private static final Step SIGNS = Batches.of(
            new float[] {1, 0, -1}, Batches.entropies(1, 2, 3), Batches.entropies(1, 2, 3), Batches.entropies(1, 2, 3));
    private static final float[] ONES = {1, 1, 1};
    private static final float[] HIGH = {1, 1.5f, 1.5f};

    @Test
    void advantagesOfTheOtherSignHaveWeightOne() {
        assertThat(gamma("both", "none", SIGNS)).isDeepEqualTo(new float[][] {HIGH, HIGH, HIGH});
        assertThat(gamma("positive", "none", SIGNS)).isDeepEqualTo(new float[][] {HIGH, ONES, ONES});
        assertThat(gamma("negative", "none", SIGNS)).isDeepEqualTo(new float[][] {ONES, ONES, HIGH});
    }

    @Test
    void onlyASignNeedsTheAdvantage() {
        assertThat(options("both", "mean").credit().needs()).containsExactly("entropy_nats");
        assertThat(options("positive", "none").credit().needs()).containsOnly("entropy_nats", "advantage");
    }

    @Test
    void normalisedWeightsHaveAMeanOfOne() {
        float mean = 4 / 3f;
        float[][] gamma = gamma("positive", "mean", SIGNS);
        assertThat(gamma[0]).containsExactly(new float[] {1 / mean, 1.5f / mean, 1.5f / mean}, within(1e-6f));
        assertThat(gamma[1]).containsExactly(ONES);
    }

    @Test
    void eachSignIsNormalisedWithItsOwnAmplification() {
        Credit credit = options("both", "mean")
                .with(CreditKey.AMPLIFICATION_NEGATIVE, "3")
                .credit();
        float[][] gamma = Batches.gamma(credit, SIGNS);
        assertThat(gamma[0]).containsExactly(new float[] {3 / 4f, 9 / 8f, 9 / 8f}, within(1e-6f));
        assertThat(gamma[2]).containsExactly(new float[] {3 / 7f, 9 / 7f, 9 / 7f}, within(1e-6f));
    }

    @Test
    void weightsThatAreAllZeroHaveNoMeanOfOne() {
        Credit credit = new SignAndMeanCredit(new GammaColumn("mine"), Sign.BOTH, true);
        assertThatThrownBy(() -> credit.apply(Batches.of(Batches.column("mine", 0, 0))))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("trace 0")
                .hasMessageContaining("normalize");
    }

    @Test
    void theWeightsThatItAdjustsStayAsTheyAre() {
        float[] mine = {1, 3};
        new SignAndMeanCredit(new GammaColumn("mine"), Sign.BOTH, true).apply(Batches.of(Batches.column("mine", mine)));
        assertThat(mine).containsExactly(1, 3);
    }

    @Test
    void theCoupledShareIsThatOfTheCreditWithin() {
        Step batch = Batches.of(Batches.rhythm(new float[] {9, 1, 1, 1, 1}, new float[] {0, 5, 0, 0, Batches.NAN}));
        GammaCredit coupled = (GammaCredit) CreditOptions.of("coupled-rhythm").credit();
        assertThat(new SignAndMeanCredit(coupled, Sign.POSITIVE, true)
                        .gamma(batch)
                        .metrics())
                .containsEntry(CreditMetrics.COUPLED_SHARE, 0.5);
    }

    private static CreditOptions options(String sign, String normalize) {
        return new CreditOptions("high-entropy", Map.of("sign", sign, "normalize", normalize));
    }

    private static float[][] gamma(String sign, String normalize, Step batch) {
        return Batches.gamma(options(sign, normalize).credit(), batch);
    }
}
