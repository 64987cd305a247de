package dev.upbeat.credit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.io.BadInputException;
import dev.upbeat.series.TopQ.Ties;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CreditOptionsTest {
    @ParameterizedTest
    @EnumSource
    void everyStrategyIsMadeByItsName(Strategy strategy) {
        CreditOptions options = new CreditOptions(
                strategy.toString(),
                Map.of("gamma", 1.2, "column", "mine", "class", CustomCreditTest.ByAdvantage.class.getName()));
        assertThat(options.credit().needs()).isNotNull();
        assertThat(options.resolved()).containsEntry("strategy", strategy.toString());
    }

    @Test
    void theNamesAreThoseOfTheDocumentation() {
        assertThat(Strategy.values())
                .extracting(Strategy::toString)
                .containsExactly(
                        "uniform",
                        "constant",
                        "random",
                        "high-entropy",
                        "local-chunk",
                        "global-anchor",
                        "coupled-rhythm",
                        "entropy-selection",
                        "prob-reweight",
                        "lopti",
                        "reweight-lopti",
                        "gradient",
                        "path-aggregation",
                        "token-correlation",
                        "capo",
                        "asyppo",
                        "thinkprm",
                        "flowtracer",
                        "attnrl",
                        "column",
                        "class");
    }

    @Test
    void anUnknownStrategyIsRefusedWithTheNearestAndAll() {
        refused(() -> CreditOptions.of("coupled-rythm"), "'coupled-rythm'", "did you mean coupled-rhythm?", "uniform");
        refused(() -> CreditOptions.of("Uniform"), "'Uniform'", "did you mean uniform?");
        refused(() -> CreditOptions.of(""), "''", "expected one of uniform");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.1, 1.5, Double.NaN, Double.POSITIVE_INFINITY})
    void aShareIsAboveZeroAndAtMostOne(double share) {
        refused(() -> with("share", share), "share is " + share, "above 0 and at most 1");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, 1e-320, 1_000_001, 1e300, Double.NaN, Double.POSITIVE_INFINITY})
    void weightsArePositiveAndFiniteInSinglePrecision(double value) {
        refused(
                () -> with("amplification", value),
                "amplification is " + value,
                "a number above 0 and at most 1000000");
        refused(() -> with("gamma", value), "gamma is " + value, "a number above 0 and at most 1000000");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.1, Double.NaN})
    void alphaIsFromZeroToOne(double alpha) {
        refused(() -> with("alpha", alpha), "alpha is " + alpha, "from 0 to 1");
    }

    @Test
    void lookbackIsAtLeastOneToken() {
        refused(() -> with("lookback", 0), "lookback is 0", "at least 1");
    }

    @Test
    void choicesAreNamedWhereAnotherIsGiven() {
        refused(() -> with("from", "middle"), "from is middle", "top or bottom");
        refused(() -> with("sign", "plus"), "sign is plus", "both or positive or negative");
        refused(() -> with("normalize", "sum"), "normalize is sum", "none or mean");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mean", "q1.5", "q", "-1", "1e3", "nan", "q-0.1", "0x10", "12345678901"})
    void thresholdsOfAnotherFormAreRefused(String text) {
        refused(() -> with("tau_waad", text), "tau_waad is " + text, "median, a quantile such as q0.6, or a number");
        refused(() -> with("tau_delta", text), "tau_delta is " + text, "preplan, median, a quantile");
        refused(() -> with("tau_waad", "preplan"), "tau_waad is preplan");
    }

    @Test
    void requiredOptionsOfAStrategyAreDemanded() {
        refused(() -> CreditOptions.of("constant"), "gamma is missing", "constant");
        refused(() -> CreditOptions.of("column"), "column is missing");
        refused(() -> CreditOptions.of("class"), "class is missing");
    }

    @Test
    void whatContradictsAStrategyIsRefused() {
        refused(() -> new CreditOptions("lopti", Map.of("sign", "positive")), "sign is positive", "lopti");
        refused(() -> new CreditOptions("lopti", Map.of("normalize", "mean")), "normalize is mean", "lopti");
        refused(() -> new CreditOptions("capo", Map.of("sign", "positive")), "sign is positive", "both: capo has");
        refused(() -> new CreditOptions("capo", Map.of("normalize", "mean")), "normalize is mean", "none: capo has");
        refused(() -> new CreditOptions("asyppo", Map.of("sign", "negative")), "sign is negative", "both: asyppo has");
        refused(() -> new CreditOptions("asyppo", Map.of("certain_share", 1.5)), "certain_share is 1.5", "from 0 to 1");
        refused(() -> new CreditOptions("asyppo", Map.of("critic_warmup", -1)), "critic_warmup is -1", "at least 0");
        refused(() -> new CreditOptions("reweight-lopti", Map.of("sign", "positive")), "both: reweight-lopti updates");
        refused(
                () -> new CreditOptions("entropy-selection", Map.of("normalize", "mean")),
                "normalize is mean",
                "entropy-selection");
        assertThat(new CreditOptions("lopti", Map.of("sign", "both", "normalize", "none")).credit())
                .isInstanceOf(Lopti.class);
    }

    @Test
    void amplificationOfNegativeAdvantagesIsSameOrAWeight() {
        for (String text : List.of("0", "-1", "other", "1000001", "1e9", "NaN", "")) {
            refused(
                    () -> with("amplification_negative", text),
                    "amplification_negative is " + text,
                    "same, or a number");
        }
        assertThat(with("amplification_negative", "same").credit())
                .isEqualTo(CreditOptions.of("coupled-rhythm").credit());
        assertThat(with("amplification_negative", "0.5").credit()).isInstanceOf(AmplificationBySign.class);
        assertThat(new CreditOptions("uniform", Map.of("amplification_negative", "2")).credit())
                .isEqualTo(new Constant(1));
    }

    @Test
    void aSignLeavesOnlyOneAmplification() {
        refused(
                () -> new CreditOptions("global-anchor", Map.of("sign", "positive", "amplification_negative", "2")),
                "amplification_negative is 2; expected same with sign positive",
                "or give sign both");
        refused(
                () -> new CreditOptions("global-anchor", Map.of("sign", "negative", "amplification_negative", "2")),
                "amplification_negative is 2; expected same with sign negative",
                "amplification applies to negative advantages only");
    }

    @Test
    void onlyStrategiesThatReadFaiCanReadReceivers() {
        refused(() -> new CreditOptions("local-chunk", Map.of("heads", "receivers")), "targeted or all: local-chunk");
        refused(
                () -> new CreditOptions("class", Map.of("heads", "receivers", "class", "a.B")),
                "heads is receivers",
                "receiver_fai itself");
        assertThat(new CreditOptions("uniform", Map.of("heads", "receivers")).unread())
                .containsExactly("heads");
    }

    @Test
    void defaultsAreThePapers() {
        assertThat(CreditOptions.of("coupled-rhythm").resolved())
                .isEqualTo(Map.ofEntries(
                        Map.entry("strategy", "coupled-rhythm"),
                        Map.entry("amplification", 1.5),
                        Map.entry("amplification_negative", "same"),
                        Map.entry("heads", "targeted"),
                        Map.entry("share", 0.4),
                        Map.entry("alpha", 0.5),
                        Map.entry("lookback", 3),
                        Map.entry("tau_waad", "median"),
                        Map.entry("tau_delta", "preplan"),
                        Map.entry("intro", "later"),
                        Map.entry("shared_intro", "once"),
                        Map.entry("overlap", "add"),
                        Map.entry("from", "top"),
                        Map.entry("ties", "earlier"),
                        Map.entry("sign", "both"),
                        Map.entry("normalize", "none")));
        assertThat(CreditOptions.of("entropy-selection").resolved()).containsEntry("share", 0.2);
        assertThat(CreditOptions.of("prob-reweight").resolved())
                .isEqualTo(Map.of("strategy", "prob-reweight", "alpha", 0.3, "sign", "both", "normalize", "none"));
        assertThat(CreditOptions.of("capo").credit()).isEqualTo(new Capo(Capo.Vote.INTERSECTION, 2, 1));
        assertThat(CreditOptions.of("capo").resolved()).containsEntry("critiques", 4);
        assertThat(CreditOptions.of("asyppo").credit()).isEqualTo(new AsyPpo(5, 0.2, 0.2));
        assertThat(CreditOptions.of("thinkprm").credit()).isEqualTo(new StepScore(0.4, 1.5, Ties.EARLIER));
        assertThat(CreditOptions.of("reweight-lopti").credit()).isEqualTo(new Lopti(0.5, 0.3));
    }

    @Test
    void whatIsGivenWinsOverDefaults() {
        CreditOptions options = new CreditOptions(
                "coupled-rhythm",
                Map.of(
                        "amplification",
                        2.0,
                        "share",
                        0.2,
                        "alpha",
                        0.25,
                        "lookback",
                        5,
                        "from",
                        "bottom",
                        "sign",
                        "negative",
                        "normalize",
                        "mean"));
        assertThat(options.credit())
                .isEqualTo(new SignAndMeanCredit(
                        new CoupledRhythm(
                                new Selection(0.2, true, 2, Ties.EARLIER),
                                "fai",
                                0.25,
                                new Coupling(
                                        5,
                                        new Threshold.AtQuantile(0.5),
                                        new Threshold.LeastOfTop(0.2, Ties.EARLIER),
                                        false),
                                new CoupledRhythm.Shares(false, false)),
                        Sign.NEGATIVE,
                        true));
        assertThat(options.unread()).isEmpty();
    }

    @Test
    void unreadOptionsAreReported() {
        CreditOptions options =
                new CreditOptions("uniform", Map.of("share", 0.4, "lookback", 3, "sign", "both", "normalize", "none"));
        assertThat(options.unread()).isEqualTo(List.of("share", "lookback"));
        assertThat(options.credit()).isEqualTo(new Constant(1));
    }

    private static CreditOptions with(String key, Object value) {
        return new CreditOptions("coupled-rhythm", Map.of(key, value));
    }

    private static void refused(ThrowingCallable call, String... parts) {
        assertThatThrownBy(call).isInstanceOf(BadInputException.class).hasMessageContainingAll(parts);
    }
}
