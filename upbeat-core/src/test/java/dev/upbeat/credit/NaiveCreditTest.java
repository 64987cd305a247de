package dev.upbeat.credit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.upbeat.series.TopQ.Ties;
import dev.upbeat.testing.Seeds;
import dev.upbeat.trace.Observation;
import dev.upbeat.trace.Step;
import dev.upbeat.trace.Update;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every strategy against its definition, on random batches with many ties and undefined values. */
class NaiveCreditTest {
    private interface Naive {
        double[] gamma(Observation seen);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void localChunkIsItsDefinition(boolean bottom) {
        check("local-chunk", bottom, (seen, q) -> NaiveCredit.localChunk(seen, q, 1.7, bottom));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyTopScoreIsItsDefinition(boolean bottom) {
        check("global-anchor", bottom, (seen, q) -> top(seen, "fai", q, bottom));
        check("high-entropy", bottom, (seen, q) -> top(seen, "entropy_nats", q, bottom));
        check("gradient", bottom, (seen, q) -> top(seen, "gradient_norm", q, bottom));
        check("path-aggregation", bottom, (seen, q) -> top(seen, "path_flow", q, bottom));
        check("flowtracer", bottom, (seen, q) -> top(seen, "flow", q, bottom));
        check("attnrl", bottom, (seen, q) -> top(seen, "step_influence", q, bottom));
        check("token-correlation", bottom, (seen, q) -> top(seen, "hidden_cosine", q, bottom));
    }

    private static double[] top(Observation seen, String series, double q, boolean bottom) {
        List<Double> scores = NaiveCredit.list(Objects.requireNonNull(seen.series(series)));
        return NaiveCredit.amplified(NaiveCredit.select(scores, q, bottom), seen.length(), 1.7);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void coupledRhythmIsItsDefinition(boolean bottom) {
        Seeds.forEach(2000, random -> {
            double q = random.nextInt(1, 11) / 10.0;
            double alpha = random.nextInt(5) / 4.0;
            int lookback = random.nextInt(1, 6);
            Step batch = Batches.random(random);
            CreditOptions options = new CreditOptions(
                    "coupled-rhythm",
                    Map.of(
                            "amplification",
                            1.7,
                            "share",
                            q,
                            "alpha",
                            alpha,
                            "lookback",
                            lookback,
                            "from",
                            bottom ? "bottom" : "top"));
            Credit credit = options.credit();
            NaiveCredit.Readings readings = NaiveCredit.Readings.DEFAULT;
            compare(batch, Batches.gamma(credit, batch), seen -> {
                NaiveCredit.Coupling coupling = NaiveCredit.coupling(seen, q, lookback, bottom, readings);
                return NaiveCredit.coupled(seen, 1.7, alpha, coupling, readings);
            });
            double anchors = 0;
            double dominated = 0;
            for (Observation seen : batch.observed().observations()) {
                NaiveCredit.Coupling coupling = NaiveCredit.coupling(seen, q, lookback, bottom, readings);
                anchors += coupling.free().size() + coupling.dominated().size();
                dominated += coupling.dominated().size();
            }
            double share =
                    requireNonNull(CreditMetrics.of(batch, credit.apply(batch)).get("credit/coupled_share"));
            if (anchors == 0) {
                assertThat(share).isNaN();
            } else {
                assertThat(share).isCloseTo(dominated / anchors, within(1e-12));
            }
        });
    }

    /** Thresholds are quarters, so a quantile of values on a coarse grid often equals one of them. */
    @Test
    void everyReadingOfCoupledRhythmIsItsDefinition() {
        Seeds.forEach(2000, random -> {
            double q = random.nextInt(1, 11) / 10.0;
            double tauWaad = random.nextInt(-4, 9) / 4.0;
            double tauDelta = random.nextInt(-4, 9) / 4.0;
            NaiveCredit.Readings readings = new NaiveCredit.Readings(
                    tauWaad,
                    tauDelta,
                    random.nextBoolean(),
                    random.nextBoolean(),
                    random.nextBoolean(),
                    random.nextBoolean());
            Step batch = Batches.random(random);
            CreditOptions options = new CreditOptions(
                    "coupled-rhythm",
                    Map.of(
                            "amplification",
                            1.7,
                            "share",
                            q,
                            "tau_waad",
                            threshold(tauWaad),
                            "tau_delta",
                            threshold(tauDelta),
                            "intro",
                            readings.earlierIntro() ? "earlier" : "later",
                            "shared_intro",
                            readings.each() ? "each" : "once",
                            "overlap",
                            readings.overwrite() ? "overwrite" : "add",
                            "ties",
                            readings.laterTies() ? "later" : "earlier"));
            compare(batch, Batches.gamma(options.credit(), batch), seen -> {
                NaiveCredit.Coupling coupling = NaiveCredit.coupling(seen, q, 3, false, readings);
                return NaiveCredit.coupled(seen, 1.7, 0.5, coupling, readings);
            });
        });
    }

    private static String threshold(double value) {
        return value < 0 ? "q" + -value : String.valueOf(value);
    }

    @Test
    void anchorsOfReceiversAreSelectedByReceiverFai() {
        Seeds.forEach(500, random -> {
            double q = random.nextInt(1, 11) / 10.0;
            Step batch = Batches.random(random);
            CreditOptions global = new CreditOptions("global-anchor", Map.of("share", q, "heads", "receivers"));
            compare(
                    batch,
                    Batches.gamma(global.credit(), batch),
                    seen -> NaiveCredit.amplified(
                            NaiveCredit.select(NaiveCredit.list(requireNonNull(seen.receiverFai())), q, false),
                            seen.length(),
                            1.5));
            CreditOptions coupled = new CreditOptions("coupled-rhythm", Map.of("share", q, "heads", "receivers"));
            NaiveCredit.Readings readings = NaiveCredit.Readings.DEFAULT;
            compare(batch, Batches.gamma(coupled.credit(), batch), seen -> {
                Observation receivers = Batches.rhythm(seen.waad(), requireNonNull(seen.receiverFai()));
                NaiveCredit.Coupling coupling = NaiveCredit.coupling(receivers, q, 3, false, readings);
                return NaiveCredit.coupled(receivers, 1.5, 0.5, coupling, readings);
            });
            assertThat(global.credit().needs()).containsExactly("receiver_fai");
            assertThat(coupled.credit().needs()).containsOnly("waad", "receiver_fai");
        });
    }

    /** By its letter: each response has the weights of a credit whose only amplification is the one of its sign. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "random",
                "high-entropy",
                "local-chunk",
                "global-anchor",
                "coupled-rhythm",
                "gradient",
                "path-aggregation",
                "token-correlation",
                "thinkprm",
                "flowtracer",
                "attnrl"
            })
    void negativeAdvantagesHaveTheirOwnAmplification(String strategy) {
        CreditOptions usual = new CreditOptions(strategy, Map.of("amplification", 1.7));
        CreditOptions bySign = usual.with(CreditKey.AMPLIFICATION_NEGATIVE, "1.2");
        CreditOptions negative = new CreditOptions(strategy, Map.of("amplification", 1.2));
        assertThat(bySign.credit().needs())
                .contains("advantage")
                .containsAll(usual.credit().needs());
        Seeds.forEach(200, random -> {
            Step batch = Batches.random(random);
            float[][] gamma = Batches.gamma(bySign.credit(), batch);
            for (int i = 0; i < gamma.length; i++) {
                CreditOptions own = batch.advantages()[i] < 0 ? negative : usual;
                assertThat(gamma[i]).isEqualTo(Batches.gamma(own.credit(), batch)[i]);
            }
        });
    }

    @Test
    void laterTiesSelectTheLaterTokens() {
        Seeds.forEach(300, random -> {
            double q = random.nextInt(1, 101) / 100.0;
            Step batch = Batches.random(random);
            Credit credit = new CreditOptions("global-anchor", Map.of("share", q, "ties", "later")).credit();
            compare(
                    batch,
                    Batches.gamma(credit, batch),
                    seen -> NaiveCredit.amplified(
                            NaiveCredit.select(NaiveCredit.list(seen.fai()), q, false, true), seen.length(), 1.5));
        });
    }

    @Test
    void entropySelectionIsItsDefinition() {
        Seeds.forEach(500, random -> {
            double q = random.nextInt(1, 11) / 10.0;
            Step batch = Batches.random(random);
            List<Double> pooled = new ArrayList<>();
            batch.observed().observations().forEach(seen -> pooled.addAll(NaiveCredit.list(seen.entropyNats())));
            Set<Integer> selected = NaiveCredit.select(pooled, q, false);
            float[][] gamma = Batches.gamma(new EntropySelection(q, false, Ties.EARLIER), batch);
            int i = 0;
            for (float[] weights : gamma) {
                for (float weight : weights) {
                    assertThat(weight).isEqualTo(selected.contains(i++) ? 1 : 0);
                }
            }
            assertThat(i).isEqualTo(pooled.size());
        });
    }

    @Test
    void probReweightAndLoptiAreTheirDefinitions() {
        Seeds.forEach(200, random -> {
            Step batch = Batches.random(random);
            double alpha = random.nextDouble();
            compare(batch, Batches.gamma(new ProbReweight(alpha), batch), seen -> {
                double[] gamma = new double[seen.length()];
                for (int t = 0; t < gamma.length; t++) {
                    gamma[t] = 1 - alpha * (1 - Math.exp(seen.logProbs()[t]));
                }
                return gamma;
            });
            List<Update> updates = CreditOptions.of("lopti").credit().apply(batch);
            assertThat(updates).hasSize(2);
            compare(batch, requireNonNull(updates.get(0).gamma()), seen -> unlikely(seen, 1, 0));
            compare(batch, requireNonNull(updates.get(1).gamma()), seen -> unlikely(seen, 0, 1));
        });
    }

    @Test
    void reweightLoptiIsItsDefinition() {
        Seeds.forEach(200, random -> {
            Step batch = Batches.random(random);
            double alpha = random.nextDouble();
            double eta = random.nextInt(1, 11) / 10.0;
            List<Update> updates = new CreditOptions("reweight-lopti", Map.of("alpha", alpha, "eta", eta))
                    .credit()
                    .apply(batch);
            assertThat(updates).hasSize(2);
            for (int i = 0; i < batch.size(); i++) {
                for (int t = 0; t < batch.length(i); t++) {
                    double probability = Math.exp(batch.observation(i).logProbs()[t]);
                    double weight = 1 - alpha * (1 - probability);
                    double[] each = probability < eta ? new double[] {weight, 0} : new double[] {0, weight};
                    for (int u = 0; u < 2; u++) {
                        assertThat(updates.get(u).tokenAdvantages()[i][t])
                                .isCloseTo(each[u] * batch.advantages()[i], within(1e-6));
                    }
                }
            }
        });
    }

    private static double[] unlikely(Observation seen, double then, double otherwise) {
        double[] gamma = new double[seen.length()];
        for (int t = 0; t < gamma.length; t++) {
            gamma[t] = seen.logProbs()[t] < Math.log(0.5) ? then : otherwise;
        }
        return gamma;
    }

    @Test
    void thinkprmIsItsDefinition() {
        Seeds.forEach(500, random -> {
            double q = random.nextInt(1, 101) / 100.0;
            Step batch = Batches.random(random);
            Credit credit = new CreditOptions("thinkprm", Map.of("amplification", 1.7, "share", q)).credit();
            float[][] gamma = Batches.gamma(credit, batch);
            for (int i = 0; i < batch.size(); i++) {
                float advantage = batch.advantages()[i];
                List<Double> scores =
                        NaiveCredit.list(requireNonNull(batch.observation(i).series("step_score")));
                Set<Integer> selected = advantage == 0 ? Set.of() : NaiveCredit.select(scores, q, advantage < 0);
                double[] expected = NaiveCredit.amplified(selected, batch.length(i), 1.7);
                for (int t = 0; t < expected.length; t++) {
                    assertThat((double) gamma[i][t]).isCloseTo(expected[t], within(1e-6));
                }
            }
        });
    }

    private interface NaiveShare {
        double[] gamma(Observation seen, double q);
    }

    private static void check(String strategy, boolean bottom, NaiveShare naive) {
        Seeds.forEach(300, random -> {
            double q = random.nextInt(1, 101) / 100.0;
            Step batch = Batches.random(random);
            String from = bottom ? "bottom" : "top";
            Credit credit =
                    new CreditOptions(strategy, Map.of("amplification", 1.7, "share", q, "from", from)).credit();
            compare(batch, Batches.gamma(credit, batch), seen -> naive.gamma(seen, q));
        });
    }

    private static void compare(Step batch, float[][] gamma, Naive naive) {
        assertThat(gamma.length).isEqualTo(batch.size());
        for (int b = 0; b < gamma.length; b++) {
            double[] expected = naive.gamma(batch.observation(b));
            assertThat(gamma[b]).hasSameSizeAs(expected);
            for (int t = 0; t < expected.length; t++) {
                assertThat((double) gamma[b][t]).as("[%d][%d]", b, t).isCloseTo(expected[t], within(1e-6));
            }
        }
    }
}
