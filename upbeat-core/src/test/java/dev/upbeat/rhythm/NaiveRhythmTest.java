package dev.upbeat.rhythm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.upbeat.testing.Seeds;
import dev.upbeat.trace.Horizon;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** The twins against a map worked by hand, and against the identities of docs/method.md, section 3. */
class NaiveRhythmTest {
    private static final Offset<Double> EXACT = within(1e-12);

    /** N = 5, P = 2: the response is positions 2, 3, 4. */
    private static final double[][] MAP = {
        {1.0, 0.0, 0.0, 0.0, 0.0},
        {0.5, 0.5, 0.0, 0.0, 0.0},
        {0.2, 0.3, 0.5, 0.0, 0.0},
        {0.4, 0.1, 0.3, 0.2, 0.0},
        {0.1, 0.1, 0.4, 0.3, 0.1},
    };

    @Test
    void spansWorkedByHand() {
        // row 2: 2*.2 + .3 = .7; row 3: 3*.4 + 2*.1 + .3 = 1.7; row 4: 4*.1 + 3*.1 + 2*.4 + .3 = 1.8
        assertThat(NaiveRhythm.spanSum(MAP, 2, false)).isCloseTo(4.2, EXACT);
        assertThat(NaiveRhythm.span(MAP, 2, false)).isCloseTo(1.4, EXACT);
        // rows 1, 2, 3: .5 + .7 + 1.7 over three tokens
        assertThat(NaiveRhythm.span(MAP, 2, true)).isCloseTo(2.9 / 3, EXACT);
    }

    @Test
    void waadWorkedByHand() {
        // W = 2. row 2: 2*.2 + .3 = .7; row 3: 2*.4 + 2*.1 + .3 = 1.3; row 4: 2*.1 + 2*.1 + 2*.4 + .3 = 1.5
        assertThat(NaiveRhythm.waad(MAP, 2, 2, false)).containsExactly(new double[] {0.7, 1.3, 1.5}, EXACT);
        // row 1: .5, then rows 2 and 3
        assertThat(NaiveRhythm.waad(MAP, 2, 2, true)).containsExactly(new double[] {0.5, 0.7, 1.3}, EXACT);
    }

    @Test
    void faiWorkedByHand() {
        // s = 2: (.3 + .4) / 2; s = 3: .3; s = 4: no later row
        double[] later = NaiveRhythm.fai(MAP, 2, new Horizon(1, Horizon.END));
        assertThat(later[0]).isCloseTo(0.35, EXACT);
        assertThat(later[1]).isCloseTo(0.3, EXACT);
        assertThat(later[2]).isNaN();
        // lo = 0 counts the token's own row, hi = 1 only the next one: (.5 + .3) / 2, (.2 + .3) / 2, .1
        assertThat(NaiveRhythm.fai(MAP, 2, new Horizon(0, 1))).containsExactly(new double[] {0.4, 0.25, 0.1}, EXACT);
        // lo = 2: s = 2 sees row 4 alone
        double[] far = NaiveRhythm.profile(MAP, 2, 2);
        assertThat(far[0]).isCloseTo(0.4, EXACT);
        assertThat(far[1]).isNaN();
        assertThat(far[2]).isNaN();
    }

    @Test
    void linksWorkedByHand() {
        NaiveRhythm.StrongestKeys links = NaiveRhythm.links(MAP, 2, 3);
        // row 2 has two earlier tokens; its own weight of .5 is no link. In row 4 tokens 0 and 1 tie.
        assertThat(links.positions()).isDeepEqualTo(new int[][] {{1, 0, -1}, {0, 2, 1}, {2, 3, 0}});
        assertThat(links.weights()).isDeepEqualTo(new double[][] {{0.3, 0.2, 0}, {0.4, 0.3, 0.1}, {0.4, 0.3, 0.1}});
    }

    @Test
    void aMeanMapIsTheMeanOfItsHeads() {
        double[][][] maps = {{{1, 0}, {0.2, 0.8}}, {{9, 9}, {9, 9}}, {{1, 0}, {0.6, 0.4}}};
        double[][] mean = NaiveRhythm.mean(maps, 0, 2);
        assertThat(mean[0]).containsExactly(new double[] {1, 0}, EXACT);
        assertThat(mean[1]).containsExactly(new double[] {0.4, 0.6}, EXACT);
    }

    @Test
    void theBandedIdentityOfWaadHolds() {
        Seeds.forEach(50, random -> {
            int n = random.nextInt(2, 40);
            int p = random.nextInt(1, n);
            int w = random.nextInt(1, 15);
            double[][] map = RandomMaps.causal(random, n);
            double[] waad = NaiveRhythm.waad(map, p, w, false);
            for (int t = p; t < n; t++) {
                double band = w;
                for (int j = 0; j <= Math.min(w - 1, t); j++) {
                    band -= map[t][t - j] * (w - j);
                }
                assertThat(waad[t - p]).isCloseTo(band, EXACT).isBetween(0.0, (double) w);
            }
        });
    }

    @Test
    void aSpanIsThePositionLessTheMeanPositionAttended() {
        Seeds.forEach(50, random -> {
            int n = random.nextInt(2, 40);
            int p = random.nextInt(1, n);
            double[][] map = RandomMaps.causal(random, n);
            double sum = 0;
            for (int t = p; t < n; t++) {
                double meanPosition = 0;
                for (int s = 0; s < n; s++) {
                    meanPosition += map[t][s] * s;
                }
                sum += t - meanPosition;
            }
            assertThat(NaiveRhythm.spanSum(map, p, false)).isCloseTo(sum, within(1e-9));
        });
    }

    @Test
    void aMeanMapsValueIsTheMeanOverHeads() {
        Seeds.forEach(50, random -> {
            int n = random.nextInt(3, 30);
            int p = random.nextInt(1, n);
            Horizon horizon = new Horizon(random.nextInt(0, 4), random.nextInt(4, 40));
            double[][][] maps = {
                RandomMaps.causal(random, n), RandomMaps.causal(random, n), RandomMaps.causal(random, n)
            };
            double[][] mean = NaiveRhythm.mean(maps, 0, 1, 2);
            double[] waad = NaiveRhythm.waad(mean, p, 5, true);
            double[] fai = NaiveRhythm.fai(mean, p, horizon);
            for (int i = 0; i < n - p; i++) {
                double waads = 0;
                double fais = 0;
                for (double[][] map : maps) {
                    waads += NaiveRhythm.waad(map, p, 5, true)[i] / 3;
                    fais += NaiveRhythm.fai(map, p, horizon)[i] / 3;
                }
                assertThat(waad[i]).isCloseTo(waads, EXACT);
                if (p + i + horizon.lo() < n) {
                    assertThat(fai[i]).isCloseTo(fais, EXACT);
                } else {
                    assertThat(fai[i]).isNaN();
                }
            }
        });
    }
}
