package dev.upbeat.series;

import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.testing.Seeds;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TopQTest {
    private static final float NAN = Float.NaN;

    @Test
    void tiesCanGoToTheLaterPosition() {
        float[] series = {5, 7, 5, 5, 5};
        assertThat(TopQ.positions(series, 0.6, TopQ.Ties.LATER)).containsExactly(1, 3, 4);
        assertThat(TopQ.positions(new float[] {-0f, 0f, -1f}, 0.3, TopQ.Ties.LATER))
                .containsExactly(1);
    }

    @Test
    void theLargestValuesAreSelectedInOrderOfPosition() {
        // ceil(0.4 * 5) = 2
        assertThat(TopQ.positions(new float[] {1, 9, 3, 8, 2}, 0.4)).containsExactly(1, 3);
    }

    @Test
    void tiesGoToTheEarlierPosition() {
        assertThat(TopQ.positions(new float[] {5, 7, 5, 5, 5}, 0.6)).containsExactly(0, 1, 2);
    }

    @Test
    void zeroAndMinusZeroTie() {
        assertThat(TopQ.positions(new float[] {-0f, 0f, -1f}, 0.3)).containsExactly(0);
    }

    @Test
    void undefinedValuesCountButAreNeverSelected() {
        // ceil(0.5 * 6) = 3 of all six positions, although only four are defined
        assertThat(TopQ.positions(new float[] {NAN, 1, 4, NAN, 3, 2}, 0.5)).containsExactly(2, 4, 5);
    }

    @Test
    void allDefinedValuesAreSelectedIfTooFew() {
        assertThat(TopQ.positions(new float[] {NAN, 1, NAN, NAN}, 0.9)).containsExactly(1);
        assertThat(TopQ.positions(new float[] {NAN, NAN}, 1)).isEmpty();
        assertThat(TopQ.positions(new float[0], 0.3)).isEmpty();
    }

    @Test
    void selectedValuesAreAtLeastAsLargeAsOthers() {
        Seeds.forEach(300, random -> {
            float[] series = Seeds.coarseSeries(random, random.nextInt(1, 40));
            float[] before = series.clone();
            double q = random.nextInt(1, 11) / 10.0;
            boolean[] taken = TopQ.mask(series, q);
            int defined = 0;
            int count = 0;
            for (int i = 0; i < series.length; i++) {
                defined += Float.isNaN(series[i]) ? 0 : 1;
                count += taken[i] ? 1 : 0;
                assertThat(taken[i] && Float.isNaN(series[i])).isFalse();
                for (int j = 0; j < series.length; j++) {
                    if (taken[i] && !taken[j] && !Float.isNaN(series[j])) {
                        assertThat(series[i] > series[j] || (series[i] == series[j] && i < j))
                                .as("%s: %d taken, %d left out", Arrays.toString(series), i, j)
                                .isTrue();
                    }
                }
            }
            assertThat(count).isEqualTo(Math.min(defined, Shares.count(q, series.length)));
            assertThat(series).as("the input").isEqualTo(before);
        });
    }
}
