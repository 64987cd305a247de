package dev.upbeat.linkage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Of series drawn independently of each other a relation is claimed about as often as the p-value says. Of 200 sets a test at
 * 5 % rejects 2 % to 9 % (two binomial standard errors and a half). Shuffled peaks of the linkages may be neighbours, which
 * peaks never are, so theirs err on the safe side.
 */
class LinkageCalibrationTest {
    private static final int SETS = 200;
    private static final int RESPONSES = 8;
    private static final int TOKENS = 90;
    private static final LinkageSettings SETTINGS = new LinkageSettings(0.3, 1, 10, 1_000, 1_000, 0);

    @Test
    void independentSeriesShowNoLinkage() {
        assertCalibrated(3, (settings, responses, p) -> linkages(settings, responses, p));
    }

    @Test
    void norWithinThirds() {
        assertCalibrated(3, (settings, responses, p) -> linkages(settings.shufflingWithinThirds(), responses, p));
    }

    @Test
    void norInOneThirdAlone() {
        assertCalibrated(
                3, (settings, responses, p) -> linkages(settings.over(ResponsePart.FIRST_THIRD), responses, p));
    }

    @Test
    void norDoTheirPeaksOverlap() {
        assertCalibrated(12, (settings, responses, p) -> Linkage.overlapTests(
                        responses, TokenScope.ALL_TOKENS, settings)
                .forEach(result -> p.add(
                        result.overlap().first() + " at " + result.overlap().second(),
                        result.test().pValue())));
    }

    private static void linkages(LinkageSettings settings, List<TokenSeries> responses, PValues p) {
        Linkage.study(responses, settings).linkages().stream()
                .filter(result -> result.scope() == TokenScope.ALL_TOKENS)
                .forEach(result -> p.add(result.kind().toString(), result.test().pValue()));
    }

    private interface PValues {
        void add(String statistic, double p);
    }

    private interface Tests {
        void run(LinkageSettings settings, List<TokenSeries> responses, PValues p);
    }

    private static void assertCalibrated(int statistics, Tests tests) {
        Map<String, List<Double>> all = new TreeMap<>();
        SplittableRandom random = new SplittableRandom(2024);
        for (int set = 0; set < SETS; set++) {
            List<TokenSeries> responses = IntStream.range(0, RESPONSES)
                    .mapToObj(r -> new TokenSeries(noise(random), noise(random), noise(random), noise(random), null))
                    .toList();
            tests.run(SETTINGS.withSeed(set), responses, (statistic, p) -> all.computeIfAbsent(
                            statistic, name -> new ArrayList<>())
                    .add(p));
        }
        assertThat(all).hasSize(statistics);
        all.forEach((statistic, p) -> {
            assertThat(p).as(statistic).hasSize(SETS);
            double rejected = p.stream().filter(value -> value <= 0.05).count() / (double) SETS;
            assertThat(rejected).as("%s: share of p <= 0.05", statistic).isBetween(0.02, 0.09);
            double mean = p.stream().mapToDouble(value -> value).average().orElseThrow();
            assertThat(mean).as("%s: mean p", statistic).isBetween(0.43, 0.57);
        });
    }

    private static float[] noise(SplittableRandom random) {
        float[] series = new float[TOKENS];
        for (int i = 0; i < TOKENS; i++) {
            series[i] = (float) random.nextDouble();
        }
        return series;
    }
}
