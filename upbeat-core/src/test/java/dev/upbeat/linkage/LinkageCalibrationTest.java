package dev.upbeat.linkage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
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

    /** Enough responses for a percentile bootstrap over them. */
    private static final int MANY_RESPONSES = 40;

    @Test
    void independentSeriesShowNoLinkage() {
        assertCalibrated(
                3,
                LinkageCalibrationTest::ofEqualLengths,
                (settings, responses, p) -> linkages(settings, responses, p));
    }

    @Test
    void norDoResponsesOfMixedLengths() {
        assertCalibrated(
                3,
                LinkageCalibrationTest::ofMixedLengths,
                (settings, responses, p) -> linkages(settings, responses, p));
    }

    @Test
    void norWithinThirds() {
        assertCalibrated(
                3,
                LinkageCalibrationTest::ofEqualLengths,
                (settings, responses, p) -> linkages(settings.shufflingWithinThirds(), responses, p));
    }

    @Test
    void norWithinThirdsOfMixedLengths() {
        assertCalibrated(
                3,
                LinkageCalibrationTest::ofMixedLengths,
                (settings, responses, p) -> linkages(settings.shufflingWithinThirds(), responses, p));
    }

    @Test
    void norInOneThirdAlone() {
        assertCalibrated(
                3,
                LinkageCalibrationTest::ofEqualLengths,
                (settings, responses, p) -> linkages(settings.over(ResponsePart.FIRST_THIRD), responses, p));
    }

    @Test
    void norDoTheirPeaksOverlap() {
        assertCalibrated(12, LinkageCalibrationTest::ofEqualLengths, LinkageCalibrationTest::overlaps);
    }

    /**
     * The interval leaves chance out in 2 % to 9 % of the sets, as the p-value does, and p is below one half where the lift is
     * positive and above where it is negative, up to the noise of the shuffles.
     */
    @Test
    void liftIntervalAndPValueOfMixedLengthsAgree() {
        Map<LinkageKind, Integer> out = new TreeMap<>();
        forEachSet(random -> ofMixedLengths(random, MANY_RESPONSES), (settings, responses) -> {
            for (LinkageResult result : allTokens(settings, responses)) {
                assertThat(result.test().liftInterval())
                        .isNotNull()
                        .satisfies(interval -> out.merge(result.kind(), interval.contains(0) ? 0 : 1, Integer::sum));
                assertThat(result.test().lift()).isNotNull().satisfies(lift -> {
                    double p = result.test().pValue();
                    assertThat(lift > 0 ? p : 1 - p).as("%s", result).isLessThan(0.6);
                });
            }
        });
        assertThat(out).hasSize(3);
        out.forEach(
                (kind, sets) -> assertThat(sets / (double) SETS).as("%s", kind).isBetween(0.02, 0.09));
    }

    private static List<LinkageResult> allTokens(LinkageSettings settings, List<TokenSeries> responses) {
        return Linkage.study(responses, settings).linkages().stream()
                .filter(result -> result.scope() == TokenScope.ALL_TOKENS)
                .toList();
    }

    private static void linkages(LinkageSettings settings, List<TokenSeries> responses, PValues p) {
        allTokens(settings, responses)
                .forEach(result -> p.add(result.kind().toString(), result.test().pValue()));
    }

    private static void overlaps(LinkageSettings settings, List<TokenSeries> responses, PValues p) {
        Linkage.overlapTests(responses, TokenScope.ALL_TOKENS, settings)
                .forEach(result -> p.add(
                        result.overlap().first() + " at " + result.overlap().second(),
                        result.test().pValue()));
    }

    private interface PValues {
        void add(String statistic, double p);
    }

    private interface Tests {
        void run(LinkageSettings settings, List<TokenSeries> responses, PValues p);
    }

    private interface SetOfResponses {
        void test(LinkageSettings settings, List<TokenSeries> responses);
    }

    private static void forEachSet(Function<SplittableRandom, List<TokenSeries>> draw, SetOfResponses each) {
        SplittableRandom random = new SplittableRandom(2024);
        for (int set = 0; set < SETS; set++) {
            each.test(SETTINGS.withSeed(set), draw.apply(random));
        }
    }

    private static void assertCalibrated(
            int statistics, Function<SplittableRandom, List<TokenSeries>> draw, Tests tests) {
        Map<String, List<Double>> all = new TreeMap<>();
        forEachSet(
                draw,
                (settings, responses) -> tests.run(
                        settings, responses, (statistic, p) -> all.computeIfAbsent(statistic, name -> new ArrayList<>())
                                .add(p)));
        assertThat(all).hasSize(statistics);
        all.forEach((statistic, p) -> {
            assertThat(p).as(statistic).hasSize(SETS);
            double rejected = p.stream().filter(value -> value <= 0.05).count() / (double) SETS;
            assertThat(rejected).as("%s: share of p <= 0.05", statistic).isBetween(0.02, 0.09);
            double mean = p.stream().mapToDouble(value -> value).average().orElseThrow();
            assertThat(mean).as("%s: mean p", statistic).isBetween(0.43, 0.57);
        });
    }

    private static List<TokenSeries> ofEqualLengths(SplittableRandom random) {
        return responses(RESPONSES, r -> TOKENS, r -> 0, random);
    }

    private static List<TokenSeries> ofMixedLengths(SplittableRandom random) {
        return ofMixedLengths(random, RESPONSES);
    }

    /** Short responses have a higher entropy, and their peaks are denser: a response of 13 tokens has 4 large values. */
    private static List<TokenSeries> ofMixedLengths(SplittableRandom random, int count) {
        int[] lengths = {13, 20, 34, 55, 90, 140, 200, 300};
        return responses(count, r -> lengths[r % lengths.length], r -> 8.0 / (1 + r % lengths.length), random);
    }

    private static List<TokenSeries> responses(
            int count, Function<Integer, Integer> tokens, ToDoubleFunction<Integer> level, SplittableRandom random) {
        return IntStream.range(0, count)
                .mapToObj(r -> {
                    int length = tokens.apply(r);
                    float[] entropy = noise(random, length, level.applyAsDouble(r));
                    return new TokenSeries(
                            noise(random, length, 0),
                            noise(random, length, 0),
                            noise(random, length, 0),
                            entropy,
                            null);
                })
                .toList();
    }

    private static float[] noise(SplittableRandom random, int length, double level) {
        float[] series = new float[length];
        for (int i = 0; i < length; i++) {
            series[i] = (float) (level + random.nextDouble());
        }
        return series;
    }
}
