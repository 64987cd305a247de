package dev.upbeat.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class QuantileTest {
    @Test
    void valuesBetweenTwoAreLinear() {
        float[] series = {4, 1, 3, 2};
        assertThat(Quantile.of(series, 0)).isEqualTo(1);
        assertThat(Quantile.of(series, 0.25)).isEqualTo(1.75);
        assertThat(Quantile.of(series, 0.5)).isEqualTo(2.5);
        assertThat(Quantile.of(series, 1)).isEqualTo(4);
    }

    @Test
    void undefinedValuesDoNotCount() {
        assertThat(Quantile.of(new float[] {Float.NaN, 5, Float.NaN, 1}, 0.5)).isEqualTo(3);
        assertThat(Quantile.of(new float[] {Float.NaN}, 0.5)).isNaN();
        assertThat(Quantile.of(new float[0], 0.5)).isNaN();
    }

    @Test
    void theHalfIsTheMedianToTheBit() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 2000; i++) {
            float[] series = new float[random.nextInt(1, 20)];
            for (int t = 0; t < series.length; t++) {
                series[t] = random.nextFloat() * 10;
            }
            double median = Median.of(IntStream.range(0, series.length).mapToDouble(t -> series[t]));
            assertThat(Quantile.of(series, 0.5)).isEqualTo(median);
        }
    }

    @Test
    void sharesOutsideZeroToOneAreRefused() {
        assertThatThrownBy(() -> Quantile.of(new float[] {1}, 1.5)).hasMessageContaining("from 0 to 1");
        assertThatThrownBy(() -> Quantile.of(new float[] {1}, Double.NaN)).hasMessageContaining("NaN");
    }
}
