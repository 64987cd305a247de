package dev.upbeat.credit;

import static dev.upbeat.credit.Batches.NAN;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.upbeat.io.BadInputException;
import dev.upbeat.series.TopQ.Ties;
import dev.upbeat.trace.Observation;
import dev.upbeat.trace.ObservedStep;
import dev.upbeat.trace.Rollouts;
import dev.upbeat.trace.Scores;
import dev.upbeat.trace.Step;
import dev.upbeat.trace.Trace;
import dev.upbeat.trace.Update;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BaselinesTest {
    @Test
    void uniformAndConstantWeighEveryTokenTheSame() {
        Step batch = Batches.of(Batches.tokens(3), Batches.tokens(1));
        assertThat(Batches.gamma(CreditOptions.of("uniform").credit(), batch))
                .isDeepEqualTo(new float[][] {{1, 1, 1}, {1}});
        assertThat(Batches.gamma(new Constant(1.2), batch)).isDeepEqualTo(new float[][] {{1.2f, 1.2f, 1.2f}, {1.2f}});
    }

    @Test
    void highEntropySelectsTheTokensOfHighestEntropy() {
        Step batch = Batches.of(Batches.entropies(1, 3, 2, 0, 0), Batches.entropies(9, 9));
        assertThat(Batches.gamma(CreditOptions.of("high-entropy").credit(), batch))
                .isDeepEqualTo(new float[][] {{1, 1.5f, 1.5f, 1, 1}, {1.5f, 1}});
    }

    @Test
    void aScoreIsReadFromItsColumn() {
        Observation seen = Batches.column("path_flow", 0.25f, NAN, 1);
        assertThat(Batches.gamma(CreditOptions.of("path-aggregation").credit(), Batches.of(seen)))
                .isDeepEqualTo(new float[][] {{1.5f, 1, 1.5f}});
    }

    @Test
    void aScoreThatWasNotMeasuredIsRefusedByName() {
        Credit gradient = CreditOptions.of("gradient").credit();
        assertThat(gradient.needs()).containsExactly("gradient_norm");
        assertThatThrownBy(() -> gradient.apply(Batches.of(Batches.tokens(2))))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("gradient_norm");
    }

    @Test
    void entropySelectionPoolsTheTokensOfTheBatch() {
        // ceil(0.4 * 7) = 3 of the seven; of the three 5s the first two
        Step batch = Batches.of(Batches.entropies(1, 5, 0, 5), Batches.entropies(9), Batches.entropies(5, 2));
        assertThat(Batches.gamma(new EntropySelection(0.4, false, Ties.EARLIER), batch))
                .isDeepEqualTo(new float[][] {{0, 1, 0, 1}, {1}, {0, 0}});
        assertThat(Batches.gamma(new EntropySelection(0.4, true, Ties.EARLIER), batch))
                .isDeepEqualTo(new float[][] {{1, 0, 1, 0}, {0}, {0, 1}});
    }

    @Test
    void entropySelectionSelectsAFifthByDefault() {
        Step batch = Batches.of(Batches.entropies(1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
        assertThat(Batches.gamma(CreditOptions.of("entropy-selection").credit(), batch)[0])
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
    void loptiUpdatesOnUnlikelyTokensFirst() {
        Credit lopti = CreditOptions.of("lopti").credit();
        // 0.25, exactly 0.5 (not below), 0.75
        Step batch = Batches.of(Batches.logProbs((float) Math.log(0.25), (float) Math.log(0.5) + 1e-6f, -0.2876821f));
        List<Update> updates = lopti.apply(batch);
        assertThat(updates).hasSize(2).hasSize(lopti.updates());
        assertThat(updates.get(0).gamma()).isDeepEqualTo(new float[][] {{1, 0, 0}});
        assertThat(updates.get(1).gamma()).isDeepEqualTo(new float[][] {{0, 1, 1}});
        assertThat(Batches.gamma(lopti, batch)).isDeepEqualTo(new float[][] {{1, 1, 1}});
    }

    @Test
    void reweightLoptiWeightsTheTokensOfEachUpdate() {
        float quarter = (float) Math.log(0.25);
        float threeQuarters = (float) Math.log(0.75);
        Step batch = Batches.of(new float[] {-2}, Batches.logProbs(quarter, threeQuarters));
        List<Update> updates = CreditOptions.of("reweight-lopti").credit().apply(batch);
        // 0.3 p + 0.7
        assertThat(updates.get(0).tokenAdvantages()[0]).containsExactly(new double[] {-1.55, 0}, within(1e-6));
        assertThat(updates.get(1).tokenAdvantages()[0]).containsExactly(new double[] {0, -1.85}, within(1e-6));
    }

    @Test
    void thinkprmAmplifiesTheBestOrTheWorstStepsByTheSignOfTheAdvantage() {
        Observation seen = Batches.column(Observation.STEP_SCORE, 1, 1, 0.5f, 0.25f, 0.25f);
        Step batch = Batches.of(new float[] {1, -1, 0}, seen, seen, Batches.tokens(2));
        Credit credit = CreditOptions.of("thinkprm").credit();
        assertThat(Batches.gamma(credit, batch))
                .isDeepEqualTo(new float[][] {{1.5f, 1.5f, 1, 1, 1}, {1, 1, 1, 1.5f, 1.5f}, {1, 1}});
        assertThat(credit.needs()).containsExactlyInAnyOrder("step_score", "advantage");
        assertThatThrownBy(() -> credit.apply(Batches.of(Batches.tokens(2))))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("step_score");
    }

    @Test
    void thinkprmIsGrpoForAResponseWithoutAJudgement() {
        Step batch = Batches.of(
                Batches.column(Observation.STEP_SCORE, NAN, NAN), Batches.column(Observation.STEP_SCORE, 0, 1));
        List<Update> updates = CreditOptions.of("thinkprm").credit().apply(batch);
        assertThat(updates.get(0).gamma()).isDeepEqualTo(new float[][] {{1, 1}, {1, 1.5f}});
        assertThat(updates.get(0).metrics()).containsEntry("credit/unjudged_share", 0.5);
    }

    @Test
    void allOthersAskForOneUpdateOfGammaTimesAdvantage() {
        Step step = Batches.of(new float[] {-2}, Batches.entropies(1, 3, 2));
        for (String strategy : List.of("uniform", "high-entropy", "entropy-selection", "random")) {
            Credit credit = CreditOptions.of(strategy).credit();
            List<Update> updates = credit.apply(step);
            assertThat(updates).as(strategy).hasSize(1).hasSize(credit.updates());
            float[] gamma = requireNonNull(updates.get(0).gamma())[0];
            assertThat(updates.get(0).tokenAdvantages()[0])
                    .containsExactly(-2.0 * gamma[0], -2.0 * gamma[1], -2.0 * gamma[2]);
        }
    }

    @Test
    void responsesThatWereNotObservedGetNoAdvantage() {
        Trace trace = new Trace("1/0/1", new int[] {1}, new int[] {2, 3}, null, 1, null);
        Rollouts rollouts =
                new Rollouts(2, List.of(trace, trace), List.of(new float[2], new float[2]), new boolean[2], 0);
        ObservedStep seen = new ObservedStep(Arrays.asList(null, Batches.entropies(1, 2)), null, 0, 0);
        Step step = new Step(0, 1, rollouts, new Scores(List.of(), new double[2]), new float[] {0, 3}, seen);
        for (Strategy strategy : Strategy.values()) {
            if (Set.of(
                            "uniform",
                            "random",
                            "high-entropy",
                            "local-chunk",
                            "coupled-rhythm",
                            "entropy-selection",
                            "lopti",
                            "reweight-lopti")
                    .contains(strategy.toString())) {
                Update update = CreditOptions.of(strategy.toString())
                        .credit()
                        .apply(step)
                        .get(0);
                assertThat(update.tokenAdvantages()[0]).as("%s", strategy).containsExactly(0, 0);
                assertThat(requireNonNull(update.gamma())[0]).as("%s", strategy).containsExactly(1, 1);
                assertThat(requireNonNull(update.gamma())[1]).as("%s", strategy).hasSize(2);
            }
        }
    }
}
