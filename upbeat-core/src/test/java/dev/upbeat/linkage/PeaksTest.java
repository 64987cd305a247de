package dev.upbeat.linkage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.series.TopQ;
import dev.upbeat.testing.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PeaksTest {
    private static final float NAN = Float.NaN;

    @Test
    void aPeakIsALocalMaximumAmongTheLargestValues() {
        // ceil(0.3 * 10) = 3 largest: 9, 8, 7. The 8 beside the 9 is no local maximum, the 3 no large value.
        assertThat(Peaks.of(new float[] {1, 3, 1, 8, 9, 1, 1, 7, 1, 1}, 0.3)).containsExactly(4, 7);
    }

    @Test
    void anEndPointHasOneNeighbour() {
        assertThat(Peaks.of(new float[] {2, 1, 3}, 1)).containsExactly(0, 2);
        assertThat(Peaks.of(new float[] {1, 2}, 1)).containsExactly(1);
    }

    @Test
    void ofAPlateauTheFirstPositionIsThePeak() {
        assertThat(Peaks.of(new float[] {0, 2, 2, 2, 1}, 1)).containsExactly(1);
        assertThat(Peaks.of(new float[] {2, 2, 1, 3, 3}, 1)).containsExactly(0, 3);
    }

    @Test
    void aStepOfAStaircaseIsNotAPeak() {
        assertThat(Peaks.of(new float[] {0, 1, 1, 2, 2, 1, 1, 0}, 1)).containsExactly(3);
    }

    @Test
    void aValueAboveNoNeighbourIsNotAPeak() {
        assertThat(Peaks.of(new float[] {4, 4, 4}, 1)).isEmpty();
        assertThat(Peaks.of(new float[] {4}, 1)).isEmpty();
        assertThat(Peaks.of(new float[] {NAN, 4, NAN}, 1)).isEmpty();
        assertThat(Peaks.of(new float[0], 1)).isEmpty();
    }

    @Test
    void undefinedValuesAreNeitherPeaksNorNeighbours() {
        // 5 has the neighbour 4 only, 3 the neighbour 2 only; each stands as an end point does.
        assertThat(Peaks.of(new float[] {4, 5, NAN, 3, 2, NAN}, 1)).containsExactly(1, 3);
        // Equal values on both sides of an undefined one are two plateaus, here of one position each.
        assertThat(Peaks.of(new float[] {1, 2, NAN, 2, 1}, 1)).containsExactly(1, 3);
    }

    @Test
    void aCutPlateauKeepsItsFirstPosition() {
        // ceil(0.2 * 5) = 1 largest: of the three nines, the earliest
        assertThat(Peaks.of(new float[] {1, 9, 9, 9, 1}, 0.2)).containsExactly(1);
    }

    /**
     * scipy.signal.find_peaks takes the same plateaus (but no end points), hence the low ends. SciPy 1.17.1:
     * x = numpy.random.default_rng(3).integers(0, 4, 40); x[0] = x[-1] = -1;
     * find_peaks(x, plateau_size=1)[1]["left_edges"]
     */
    @Test
    void localMaximaAreThoseOfScipy() {
        float[] series = {
            -1, 0, 0, 0, 0, 3, 3, 2, 0, 0, 1, 1, 2, 1, 1, 0, 2, 2, 0, 0, 1, 1, 3, 2, 1, 1, 2, 2, 0, 2, 3, 3, 3, 1, 1, 2,
            2, 2, 3, -1
        };
        assertThat(Peaks.of(series, 1)).containsExactly(5, 12, 16, 22, 26, 30, 38);
    }

    @Test
    void peaksAreThoseOfTheNaiveTwin() {
        Seeds.forEach(500, random -> {
            float[] series = Seeds.coarseSeries(random, random.nextInt(1, 40));
            double share = random.nextInt(1, 11) / 10.0;
            assertThat(Peaks.of(series, share)).as(Arrays.toString(series)).containsExactly(naive(series, share));
        });
    }

    /** Cuts the series into runs of equal values, each with the runs beside it as neighbours. */
    private static int[] naive(float[] series, double share) {
        List<Integer> starts = new ArrayList<>();
        for (int i = 0; i < series.length; i++) {
            if (i == 0 || series[i] != series[i - 1]) {
                starts.add(i);
            }
        }
        List<Integer> top = Arrays.stream(TopQ.positions(series, share)).boxed().toList();
        List<Integer> peaks = new ArrayList<>();
        for (int run = 0; run < starts.size(); run++) {
            List<Float> neighbours = new ArrayList<>();
            if (run > 0) {
                neighbours.add(series[starts.get(run - 1)]);
            }
            if (run + 1 < starts.size()) {
                neighbours.add(series[starts.get(run + 1)]);
            }
            neighbours.removeIf(value -> value.isNaN());
            float own = series[starts.get(run)];
            if (top.contains(starts.get(run))
                    && !neighbours.isEmpty()
                    && neighbours.stream().allMatch(value -> own > value)) {
                peaks.add(starts.get(run));
            }
        }
        return peaks.stream().mapToInt(Integer::intValue).toArray();
    }
}
