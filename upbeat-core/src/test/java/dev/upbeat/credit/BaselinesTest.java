package dev.upbeat.credit;

import static dev.upbeat.credit.Batches.NAN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.upbeat.io.BadInputException;
import dev.upbeat.trace.Observation;
import java.util.List;
import org.junit.jupiter.api.Test;

class BaselinesTest {
    @Test
    void uniformAndConstantWeighEveryTokenTheSame() {
        CreditBatch batch = Batches.of(Batches.tokens(3), Batches.tokens(1));
        assertThat(CreditOptions.of("uniform").credit().gamma(batch)).isDeepEqualTo(new float[][] {{1, 1, 1}, {1}});
        assertThat(new Constant(1.2).gamma(batch)).isDeepEqualTo(new float[][] {{1.2f, 1.2f, 1.2f}, {1.2f}});
    }

    @Test
    void highEntropyTakesTheTokensOfHighestEntropyOfEachResponse() {
        CreditBatch batch = Batches.of(Batches.entropies(1, 3, 2, 0, 0), Batches.entropies(9, 9));
        assertThat(CreditOptions.of("high-entropy").credit().gamma(batch))
                .isDeepEqualTo(new float[][] {{1, 1.5f, 1.5f, 1, 1}, {1.5f, 1}});
    }

    @Test
    void aScoreIsReadFromItsColumn() {
        Observation seen = Batches.column("path_flow", 0.25f, NAN, 1);
        assertThat(CreditOptions.of("path-aggregation").credit().gamma(Batches.of(seen)))
                .isDeepEqualTo(new float[][] {{1.5f, 1, 1.5f}});
    }

    @Test
    void aScoreThatWasNotMeasuredIsRefusedByName() {
        Credit gradient = CreditOptions.of("gradient").credit();
        assertThat(gradient.needs()).containsExactly("gradient_norm");
        assertThatThrownBy(() -> gradient.gamma(Batches.of(Batches.tokens(2))))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("gradient_norm");
    }

    @Test
    void entropySelectionTakesTheHighestOfTheBatchAndNotOfEachResponse() {
        // ceil(0.4 * 7) = 3 of the seven; of the three 5s the first two
        CreditBatch batch = Batches.of(Batches.entropies(1, 5, 0, 5), Batches.entropies(9), Batches.entropies(5, 2));
        assertThat(new EntropySelection(0.4, false).gamma(batch))
                .isDeepEqualTo(new float[][] {{0, 1, 0, 1}, {1}, {0, 0}});
        assertThat(new EntropySelection(0.4, true).gamma(batch))
                .isDeepEqualTo(new float[][] {{1, 0, 1, 0}, {0}, {0, 1}});
    }

    @Test
    void entropySelectionTakesAFifthUnlessToldOtherwise() {
        CreditBatch batch = Batches.of(Batches.entropies(1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
        assertThat(CreditOptions.of("entropy-selection").credit().gamma(batch)[0])
                .containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 1, 1);
    }

    @Test
    void probReweightFollowsTheProbability() {
        float half = (float) Math.log(0.5);
        float[] gamma = new ProbReweight(0.3).gamma(Batches.logProbs(0, half, -100));
        assertThat(gamma).containsExactly(new float[] {1, 0.85f, 0.7f}, within(1e-6f));
        assertThat(new ProbReweight(0).gamma(Batches.logProbs(0, half, -100))).containsOnly(1);
    }

    @Test
    void loptiUpdatesOnUnlikelyTokensFirstAndThenOnTheOthers() {
        Credit lopti = CreditOptions.of("lopti").credit();
        // 0.25, exactly 0.5 (not below), 0.75
        CreditBatch batch =
                Batches.of(Batches.logProbs((float) Math.log(0.25), (float) Math.log(0.5) + 1e-6f, -0.2876821f));
        List<float[][]> phases = lopti.phases(batch);
        assertThat(phases).hasSize(2);
        assertThat(phases.get(0)).isDeepEqualTo(new float[][] {{1, 0, 0}});
        assertThat(phases.get(1)).isDeepEqualTo(new float[][] {{0, 1, 1}});
        assertThat(lopti.gamma(batch)).isDeepEqualTo(new float[][] {{1, 1, 1}});
    }

    @Test
    void allOthersAskForOneUpdateWithTheirGamma() {
        CreditBatch batch = Batches.of(Batches.entropies(1, 3, 2));
        for (String strategy : List.of("uniform", "high-entropy", "entropy-selection", "random")) {
            Credit credit = CreditOptions.of(strategy).credit();
            assertThat(credit.phases(batch)).as(strategy).hasSize(1);
            assertThat(credit.phases(batch).get(0)).isDeepEqualTo(credit.gamma(batch));
        }
    }
}
