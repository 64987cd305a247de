package dev.upbeat.study.linkage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.upbeat.linkage.LinkageSettings;
import dev.upbeat.linkage.Metric;
import dev.upbeat.linkage.TokenSeries;
import dev.upbeat.stats.Interval;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RankCorrelationTest {
    private static final LinkageSettings SETTINGS = new LinkageSettings(0.3, 1, 10, 1_000, 1_000, 0);
    private static final float NAN = Float.NaN;

    private static TokenSeries response(float[] waad, float[] fai, float[] entropy) {
        return new TokenSeries(waad, fai, null, entropy, null);
    }

    private static RankCorrelation of(List<TokenSeries> responses, Metric metric, boolean withinThirds) {
        return RankCorrelation.all(responses, SETTINGS).stream()
                .filter(each -> each.metric() == metric && each.withinThirds() == withinThirds)
                .findFirst()
                .orElseThrow();
    }

    /** 1 - 6 sum d^2 / (n (n^2 - 1)), without ties. */
    @Test
    void rhoIsAveragedOverResponses() {
        List<TokenSeries> responses = List.of(
                response(new float[] {1, 2, 3, 4}, new float[] {4, 3, 2, NAN}, new float[] {2, 1, 4, 3}),
                response(new float[] {9, 7, 5, 3}, new float[] {1, 2, 3, NAN}, new float[] {1, 2, 3, 9}));
        RankCorrelation waad = of(responses, Metric.WAAD, false);
        assertThat(waad.rho()).isCloseTo((0.6 - 1) / 2, within(1e-12));
        assertThat(waad.responses()).isEqualTo(2);
        RankCorrelation fai = of(responses, Metric.GLOBAL_FAI, false);
        assertThat(fai.rho()).as("(4 3 2) with (2 1 4), (1 2 3) with itself").isCloseTo((-0.5 + 1) / 2, within(1e-12));
        Interval interval = Objects.requireNonNull(fai.interval());
        assertThat(interval.low()).isCloseTo(-0.5, within(1e-12));
        assertThat(interval.high()).isCloseTo(1, within(1e-12));
    }

    @Test
    void responsesWithoutARhoDoNotCount() {
        float[] rising = {1, 2, 3, 4, 5, 6, 7, 8, 9};
        float[] constant = new float[9];
        float[] late = {NAN, 1, 2, 3, 4, 5, 6, 7, 8};
        List<TokenSeries> responses = List.of(
                response(rising, late, rising), response(constant, rising, rising), response(rising, rising, constant));
        assertThat(of(responses, Metric.WAAD, false).responses()).isEqualTo(1);
        assertThat(of(responses, Metric.WAAD, false).interval()).isNull();
        assertThat(of(responses, Metric.GLOBAL_FAI, false).responses()).isEqualTo(2);
        assertThat(of(responses, Metric.GLOBAL_FAI, true).responses())
                .as("two tokens of a third are too few")
                .isEqualTo(1);
    }

    @Test
    void whatPositionAloneTiesIsTiedNoMoreWithinThirds() {
        SplittableRandom random = new SplittableRandom(11);
        List<TokenSeries> responses = IntStream.range(0, 12)
                .mapToObj(r -> response(stairs(random), stairs(random), stairs(random)))
                .toList();
        for (Metric metric : List.of(Metric.WAAD, Metric.GLOBAL_FAI)) {
            RankCorrelation whole = of(responses, metric, false);
            assertThat(whole.rho()).isGreaterThan(0.8);
            assertThat(whole.pValue()).isEqualTo(1 / 1001.0);
            RankCorrelation thirds = of(responses, metric, true);
            assertThat(Math.abs(thirds.rho())).isLessThan(0.1);
            assertThat(thirds.pValue()).isGreaterThan(0.05);
        }
    }

    /** A step up from third to third, and noise. */
    private static float[] stairs(SplittableRandom random) {
        float[] series = new float[60];
        for (int t = 0; t < series.length; t++) {
            series[t] = t / 20 * 2 + (float) random.nextDouble();
        }
        return series;
    }
}
