package dev.upbeat.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Where there is nothing to find, a test of 5 % finds something in about 5 % of 200 data sets: in 2 to 9 %. */
class NullCalibrationTest {
    private static final int SETS = 200;

    private static double rejected(ToDoubleFunction<Random> pValue) {
        Random random = new Random(20261128);
        int rejected = 0;
        for (int i = 0; i < SETS; i++) {
            rejected += pValue.applyAsDouble(random) < 0.05 ? 1 : 0;
        }
        return rejected / (double) SETS;
    }

    private static double[] normal(Random random, int n) {
        double[] values = new double[n];
        Arrays.setAll(values, i -> random.nextGaussian());
        return values;
    }

    @Test
    void pairedTTestsOfThreeSeeds() {
        assertThat(rejected(random -> MeanEstimate.of(normal(random, 3)).pValue()))
                .isBetween(0.02, 0.09);
    }

    @Test
    void signFlipsOfTenSeeds() {
        assertThat(rejected(random -> SignFlips.pValue(normal(random, 10), 1000, new SplittableRandom(1))))
                .isBetween(0.02, 0.09);
    }

    @Test
    void drawnSignFlipsOfThirtySeeds() {
        assertThat(rejected(
                        random -> SignFlips.pValue(normal(random, 30), 1000, new SplittableRandom(random.nextLong()))))
                .isBetween(0.02, 0.09);
    }

    @Test
    void rankCorrelationsOfFiveResponses() {
        assertThat(rejected(random -> {
                    List<double[]> x = normals(random);
                    return Spearman.permutationPValue(
                            x, normals(random), 1000, new SplittableRandom(random.nextLong()));
                }))
                .isBetween(0.02, 0.09);
    }

    @Test
    void rankCorrelationsOfResponsesOfMixedLengths() {
        assertThat(rejected(random -> {
                    List<double[]> x = ofMixedLengths(random);
                    return Spearman.permutationPValue(
                            x, ofMixedLengths(random), 1000, new SplittableRandom(random.nextLong()));
                }))
                .isBetween(0.02, 0.09);
    }

    /** Levels differ from response to response, and more tokens have a lower one. */
    private static List<double[]> ofMixedLengths(Random random) {
        return Stream.of(6, 15, 40, 90, 200)
                .map(length -> Arrays.stream(normal(random, length))
                        .map(value -> value + 100.0 / length)
                        .toArray())
                .toList();
    }

    private static List<double[]> normals(Random random) {
        return Stream.generate(() -> normal(random, 20)).limit(5).toList();
    }

    /** Of thirty values; of three it would be far too often, which is why the t interval stands first. */
    @Test
    void bootstrapIntervalsOfThirtyValuesThatLeaveOutZero() {
        assertThat(rejected(random -> {
                    Interval interval =
                            Bootstrap.ofMean(normal(random, 30), 1000, new SplittableRandom(random.nextLong()));
                    return interval.contains(0) ? 1 : 0;
                }))
                .isBetween(0.02, 0.09);
    }

    /** Seeds with an effect of their own on problems with an effect of their own, and noise; the truth is 0. */
    @Test
    void crossedBootstrapIntervalsThatLeaveOutZero() {
        assertThat(rejected(random -> {
                    double[][] table = new double[20][40];
                    double[] columns = normal(random, 40);
                    for (double[] row : table) {
                        double seed = random.nextGaussian();
                        Arrays.setAll(row, i -> 0.3 * seed + 0.3 * columns[i] + random.nextGaussian());
                    }
                    Interval interval = Bootstrap.ofCrossedMean(
                            new double[][][] {table}, 400, new SplittableRandom(random.nextLong()));
                    return interval.contains(0) ? 1 : 0;
                }))
                .isLessThan(0.09);
    }
}
