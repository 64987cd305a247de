package dev.upbeat.rhythm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Of series drawn independently of each other no linkage may be claimed more often than the p-value says. */
class LinkageCalibrationTest {
    private static final int SETS = 100;
    private static final int RESPONSES = 8;
    private static final int TOKENS = 80;

    @Test
    void independentSeriesShowNoLinkage() {
        Map<LinkageKind, List<LinkageResult>> results = new EnumMap<>(LinkageKind.class);
        SplittableRandom random = new SplittableRandom(2024);
        LinkageSettings settings = new LinkageSettings(0.3, 1, 10, 1_000, 1_000, 0);
        for (int set = 0; set < SETS; set++) {
            List<TokenSeries> responses = IntStream.range(0, RESPONSES)
                    .mapToObj(r -> new TokenSeries(noise(random), noise(random), noise(random), noise(random), null))
                    .toList();
            Linkage.study(responses, settings.withSeed(set)).linkages().stream()
                    .filter(result -> result.scope() == TokenScope.ALL_TOKENS)
                    .forEach(result -> results.computeIfAbsent(result.kind(), kind -> new ArrayList<>())
                            .add(result));
        }
        assertThat(results).hasSize(3);
        results.forEach((kind, all) -> {
            assertThat(all).hasSize(SETS);
            double claimed =
                    all.stream().filter(result -> result.pValue() <= 0.05).count() / (double) SETS;
            double meanP =
                    all.stream().mapToDouble(LinkageResult::pValue).average().orElseThrow();
            // Peaks of one series are never neighbours, shuffled ones may be: the third linkage is on the safe side.
            // 0.05 and three standard errors of sqrt(0.05 * 0.95 / 100); a uniform p has mean 0.5 +- 0.29 / sqrt(100)
            assertThat(claimed).as("%s: share of p <= 0.05", kind).isLessThanOrEqualTo(0.05 + 0.065);
            assertThat(meanP).as("%s: mean p", kind).isBetween(0.4, 0.6);
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
