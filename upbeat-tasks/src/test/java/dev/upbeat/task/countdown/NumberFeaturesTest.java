package dev.upbeat.task.countdown;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NumberFeaturesTest {
    @Test
    void rowsDependOnTheSeedAndHaveTheRequestedScale() {
        float[][] rows = NumberFeatures.rows(100, 128, 0.02, 0);
        assertThat(rows).isDeepEqualTo(NumberFeatures.rows(100, 128, 0.02, 0)).hasDimensions(100, 128);
        assertThat(rows[0]).isNotEqualTo(NumberFeatures.rows(100, 128, 0.02, 1)[0]);
        double squares = 0;
        for (float[] row : rows) {
            squares += dot(row, row);
        }
        assertThat(Math.sqrt(squares / (100 * 128))).isCloseTo(0.02, within(0.002));
    }

    @Test
    void moreRowsLeaveTheFirstOnesAsTheyAre() {
        assertThat(NumberFeatures.rows(121, 16, 1, 3)[99]).isEqualTo(NumberFeatures.rows(100, 16, 1, 3)[99]);
    }

    /** Over the 21 periods p: 60 apart 0.319 (alike modulo 2, 3, 4, 5, 6, 10, 12 ..), neighbours 0.689, 37 apart -0.171. */
    @Test
    void rowSimilarityIsTheMeanCosineOfTheirDistance() {
        float[][] rows = NumberFeatures.rows(100, 8192, 1, 0);
        assertThat(cosine(rows[10], rows[70])).isCloseTo(meanCosine(60), within(0.05));
        assertThat(cosine(rows[10], rows[11])).isCloseTo(meanCosine(1), within(0.05));
        assertThat(cosine(rows[10], rows[47])).isCloseTo(meanCosine(37), within(0.05));
        assertThat(meanCosine(60)).isCloseTo(0.319, within(0.001));
    }

    private static double meanCosine(int distance) {
        return IntStream.of(2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100, 120, 160, 240, 480)
                .mapToDouble(period -> Math.cos(2 * Math.PI * distance / period))
                .average()
                .orElseThrow();
    }

    private static double cosine(float[] a, float[] b) {
        return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }
}
