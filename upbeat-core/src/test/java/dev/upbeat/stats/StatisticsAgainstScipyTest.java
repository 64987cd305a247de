package dev.upbeat.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.StreamSupport;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * SciPy's values: scipy-values.json, made by src/test/python/make_scipy_values.py, which names its versions. What has a closed form
 * agrees to 1e-9; drawn intervals and p-values to the Monte Carlo error of both sides.
 */
class StatisticsAgainstScipyTest {
    private static final Offset<Double> EXACT = within(1e-9);
    private static final int DRAWS = 200_000;

    private static JsonNode scipy;

    @BeforeAll
    static void read() throws IOException {
        try (InputStream in = StatisticsAgainstScipyTest.class.getResourceAsStream("/stats/scipy-values.json")) {
            scipy = new ObjectMapper().readTree(in);
        }
    }

    private static double[] values(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToDouble(JsonNode::doubleValue)
                .toArray();
    }

    @Test
    void meansHaveItsStandardDeviationIntervalAndPValue() {
        for (JsonNode sample : scipy.path("samples")) {
            MeanEstimate mean = MeanEstimate.of(values(sample.path("values")));
            assertThat(mean.mean()).isCloseTo(sample.path("mean").doubleValue(), EXACT);
            assertThat(mean.sd()).isCloseTo(sample.path("sd").doubleValue(), EXACT);
            Interval interval = Objects.requireNonNull(mean.interval());
            assertThat(interval.low()).isCloseTo(sample.path("t_low").doubleValue(), EXACT);
            assertThat(interval.high()).isCloseTo(sample.path("t_high").doubleValue(), EXACT);
            assertThat(mean.pValue()).isCloseTo(sample.path("t_p").doubleValue(), EXACT);
        }
    }

    /** 200,000 resamples on both sides put an end within about 0.3 % of the interval's width; three values have few means. */
    @Test
    void bootstrapIntervalsAgreeWithinMonteCarloError() {
        for (JsonNode sample : scipy.path("samples")) {
            double low = sample.path("bootstrap_low").doubleValue();
            double high = sample.path("bootstrap_high").doubleValue();
            Interval interval = Bootstrap.ofMean(values(sample.path("values")), DRAWS, new SplittableRandom(3));
            assertThat(interval.low()).isCloseTo(low, within(0.01 * (high - low)));
            assertThat(interval.high()).isCloseTo(high, within(0.01 * (high - low)));
        }
    }

    /** Exact on both sides up to 12 pairs; else 200,000 draws of each have a standard error of at most 0.0012. */
    @Test
    void signFlipsGiveItsPermutationPValue() {
        for (JsonNode sample : scipy.path("samples")) {
            double[] differences = values(sample.path("values"));
            double p = SignFlips.pValue(differences, DRAWS, new SplittableRandom(4));
            assertThat(p)
                    .isCloseTo(sample.path("flip_p").doubleValue(), differences.length <= 12 ? EXACT : within(0.005));
        }
    }

    @Test
    void rankCorrelationsAreItsSpearmans() {
        for (JsonNode pairs : scipy.path("pairs")) {
            double[] x = values(pairs.path("x"));
            double[] y = values(pairs.path("y"));
            assertThat(Spearman.rho(x, y)).isCloseTo(pairs.path("rho").doubleValue(), EXACT);
            assertThat(Spearman.permutationPValue(List.of(x), List.of(y), 20_000, new SplittableRandom(5)))
                    .isCloseTo(pairs.path("shuffle_p").doubleValue(), within(0.015));
        }
    }

    /** Its noncentral t; here a sum over 400 quantiles of the spread. */
    @Test
    void powerIsThatOfTheNoncentralT() {
        for (JsonNode power : scipy.path("power")) {
            assertThat(Power.ofPairedT(
                            power.path("effect").doubleValue(), power.path("n").intValue()))
                    .as(power.toString())
                    .isCloseTo(power.path("power").doubleValue(), within(2e-3));
        }
    }

    @Test
    void asManyPairsAreNeededAsItsPowerSays() {
        for (JsonNode needed : scipy.path("needed")) {
            assertThat(Power.pairsNeeded(
                            needed.path("difference").doubleValue(),
                            needed.path("sd").doubleValue()))
                    .isEqualTo(needed.path("pairs").intValue());
        }
    }
}
