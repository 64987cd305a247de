package dev.upbeat.linkage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.upbeat.stats.Interval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PeakStatisticTest {
    private static final LinkageSettings SETTINGS = new LinkageSettings(0.3, 1, 10, 1_000, 20_000, 0);

    private static PeakTestResult result(List<ScoredPeaks> responses) {
        return new PeakStatistic(responses, false, SETTINGS, new SplittableRandom(5)).test();
    }

    /** A response with one peak, of the score given, and another token of score 1. */
    private static ScoredPeaks onePeak(double score) {
        return new ScoredPeaks(new double[] {score, 1}, 1, score);
    }

    @Test
    void theIntervalIsOverResponses() {
        // Resampled, both peaks score 0 a quarter of the time and 1 a quarter of the time.
        Interval interval = result(List.of(onePeak(0), onePeak(1))).observedInterval();
        assertThat(interval).isEqualTo(new Interval(0, 1, SETTINGS.resamples()));
    }

    /**
     * SciPy 1.17.1: scipy.stats.bootstrap((v,), numpy.mean, n_resamples=200000, method="percentile",
     * rng=numpy.random.default_rng(1)).confidence_interval is (1.245, 2.293).
     */
    @Test
    void theIntervalIsThatOfScipy() {
        double[] v = {
            1.06, 1.82, 1.12, 0.83, 0.83, 3.09, 1.53, 1.75, 1.77, 0.36, 1.83, 5.81, 0.55, 2.53, 2.71, 2.69, 0.94, 1.14,
            0.56, 1.43
        };
        PeakTestResult result =
                result(Arrays.stream(v).mapToObj(PeakStatisticTest::onePeak).toList());
        assertThat(result.observed()).isCloseTo(1.7175, within(1e-12));
        Interval interval = result.observedInterval();
        assertThat(interval).isNotNull().satisfies(each -> {
            assertThat(each.low()).isCloseTo(1.245, within(0.02));
            assertThat(each.high()).isCloseTo(2.293, within(0.02));
        });
    }

    @Test
    void theLiftsIntervalTakesChanceAnewInEachResample() {
        // Each response alone has lift (s - (s + 1) / 2) / ((s + 1) / 2): 0 for a score of 1, 1/2 for 3.
        PeakTestResult result = result(List.of(onePeak(1), onePeak(3)));
        assertThat(result.lift()).isCloseTo((2 - 1.5) / 1.5, within(1e-12));
        assertThat(result.liftInterval()).isEqualTo(new Interval(0, 0.5, SETTINGS.resamples()));
    }

    @Test
    void oneResponseWithPeaksHasNoInterval() {
        ScoredPeaks withoutPeaks = new ScoredPeaks(new double[] {0, 1, 1}, 0, 0);
        PeakTestResult result = result(List.of(onePeak(1), withoutPeaks));
        assertThat(result.observedInterval()).isNull();
        assertThat(result.liftInterval()).isNull();
        assertThat(result.pooled()).as("its tokens still count").isEqualTo(4 / 5.0);
        assertThat(result.chance()).as("its peaks, of which there are none").isEqualTo(1);
    }

    @Test
    void resamplesWithoutAPeakAreLeftOutAndCounted() {
        ScoredPeaks withoutPeaks = new ScoredPeaks(new double[] {0, 1}, 0, 0);
        List<ScoredPeaks> responses = new ArrayList<>(List.of(onePeak(0.5), onePeak(0.5)));
        responses.addAll(List.of(withoutPeaks, withoutPeaks));
        // (2 / 4)^4 of the resamples hold no peak
        assertThat(result(responses).observedInterval()).isNotNull().satisfies(interval -> {
            assertThat(interval.low()).isEqualTo(0.5);
            assertThat(Objects.requireNonNull(interval.resamples()) / (double) SETTINGS.resamples())
                    .isCloseTo(15 / 16.0, within(0.01));
        });
    }

    @Test
    void chanceOfZeroGivesNoLift() {
        ScoredPeaks zero = new ScoredPeaks(new double[] {0, 0}, 1, 0);
        PeakTestResult result = result(List.of(zero, zero));
        assertThat(result.chance()).isZero();
        assertThat(result.lift()).isNull();
        assertThat(result.liftInterval()).isNull();
        assertThat(result.observedInterval()).isNotNull();
        assertThat(result.pValue()).as("every shuffle is as high").isEqualTo(1);
    }

    @Test
    void unreachedPeaksHaveTheSmallestPValue() {
        double[] scores =
                IntStream.range(0, 200).mapToDouble(i -> i < 20 ? 1 : 0).toArray();
        ScoredPeaks response = new ScoredPeaks(scores, 20, 20);
        assertThat(result(List.of(response)).pValue()).isEqualTo(1 / 1001.0);
    }

    @Test
    void theMeanUnderShufflesIsTheOneInClosedForm() {
        SplittableRandom random = new SplittableRandom(9);
        List<ScoredPeaks> responses = new ArrayList<>();
        double expected = 0;
        int peaks = 0;
        for (int r = 0; r < 20; r++) {
            double[] scores = random.doubles(random.nextInt(20, 80)).toArray();
            int own = random.nextInt(1, 20);
            responses.add(new ScoredPeaks(scores, own, own));
            expected += own * Arrays.stream(scores).average().orElseThrow();
            peaks += own;
        }
        assertThat(result(responses).chance()).isCloseTo(expected / peaks, within(1e-12));
    }

    /** The naive twin: 2,000 shuffles of each response. One shuffle's mean has a standard deviation below 0.29 / sqrt(20). */
    @Test
    void chanceIsTheMeanOverShufflesWithinEachResponse() {
        SplittableRandom random = new SplittableRandom(9);
        List<ScoredPeaks> responses = new ArrayList<>();
        double shuffledSum = 0;
        int peaks = 0;
        for (int r = 0; r < 20; r++) {
            int own = random.nextInt(1, 20);
            double level = r;
            double[] scores = random.doubles(random.nextInt(20, 80))
                    .map(score -> score + level)
                    .toArray();
            responses.add(new ScoredPeaks(scores, own, own * level));
            List<Double> deck = new ArrayList<>(Arrays.stream(scores).boxed().toList());
            Random shuffler = new Random(random.nextLong());
            for (int i = 0; i < 2_000; i++) {
                Collections.shuffle(deck, shuffler);
                shuffledSum += deck.subList(0, own).stream()
                                .mapToDouble(Double::doubleValue)
                                .sum()
                        / 2_000;
            }
            peaks += own;
        }
        assertThat(result(responses).chance()).isCloseTo(shuffledSum / peaks, within(0.006));
    }

    /** Two responses whose peaks score as their other tokens do; the shorter has more peaks per token and higher scores. */
    @Test
    void responsesOfDifferentLevelsAndLengthsGiveNoLift() {
        double[] longAndLow = IntStream.range(0, 80).mapToDouble(i -> i % 2).toArray();
        double[] shortAndHigh =
                IntStream.range(0, 20).mapToDouble(i -> 10 + i % 2).toArray();
        PeakTestResult result =
                result(List.of(new ScoredPeaks(longAndLow, 4, 2), new ScoredPeaks(shortAndHigh, 8, 84)));
        assertThat(result.pooled()).isEqualTo(250 / 100.0);
        assertThat(result.observed()).isEqualTo(86 / 12.0);
        assertThat(result.lift()).isCloseTo(0.0, within(1e-12));
        // a sum at least as high as the expected one, which is itself a possible sum
        assertThat(result.pValue()).isBetween(0.5, 0.7);
    }

    /** Peaks that all lie where scores are high are no more than chance once they are shuffled within their stratum. */
    @Test
    void aPeakNeverLeavesItsStratum() {
        ScoredPeaks.Stratum high = new ScoredPeaks.Stratum(new double[] {1, 1, 1, 1}, 2);
        ScoredPeaks.Stratum low = new ScoredPeaks.Stratum(new double[] {0, 0, 0, 0}, 0);
        PeakTestResult within = result(List.of(new ScoredPeaks(List.of(high, low), 2)));
        assertThat(within.chance()).isCloseTo(1, within(1e-9));
        assertThat(within.pValue()).isEqualTo(1);
        PeakTestResult anywhere = result(List.of(new ScoredPeaks(new double[] {1, 1, 1, 1, 0, 0, 0, 0}, 2, 2)));
        assertThat(anywhere.chance()).isCloseTo(0.5, within(1e-12));
    }

    /** Of four tokens two that are not neighbours are 0 2, 0 3 or 1 3, each a third of the time. */
    @Test
    void spacedShufflesDrawEveryChoiceWithoutNeighboursEquallyOften() {
        ScoredPeaks response = new ScoredPeaks(new double[] {8, 4, 2, 1}, 2, 10);
        PeakTestResult test = new PeakStatistic(List.of(response), true, SETTINGS, new SplittableRandom(5)).test();
        assertThat(test.chance()).isCloseTo((10 + 9 + 5) / 3.0 / 2, within(0.1));
        assertThat(test.pValue()).isCloseTo(1 / 3.0, within(0.05));
    }

    @Test
    void tooManyPeaksAreShuffledFreely() {
        ScoredPeaks response = new ScoredPeaks(new double[] {1, 0, 0}, 3, 1);
        PeakTestResult test = new PeakStatistic(List.of(response), true, SETTINGS, new SplittableRandom(5)).test();
        assertThat(test.chance()).isCloseTo(1 / 3.0, within(1e-9));
    }
}
