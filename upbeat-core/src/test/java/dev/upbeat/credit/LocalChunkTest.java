package dev.upbeat.credit;

import static dev.upbeat.credit.Batches.NAN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.series.TopQ.Ties;
import org.junit.jupiter.api.Test;

class LocalChunkTest {
    @Test
    void theLargestChangesToTheNextTokenAreAmplified() {
        // D = 4 3 0 5 6 -, three of six
        float[] waad = {1, 5, 2, 2, 7, 1};
        assertThat(gamma(0.4, false, waad)).containsExactly(1.5f, 1, 1, 1.5f, 1.5f, 1);
    }

    @Test
    void tiesGoToTheEarlierToken() {
        // D = 1 1 1 1 -, two of five
        assertThat(gamma(0.4, false, 0, 1, 2, 3, 4)).containsExactly(1.5f, 1.5f, 1, 1, 1);
    }

    @Test
    void fromTheBottomTheSmallestChangesAre() {
        // D = 4 3 0 5 6 -
        assertThat(gamma(0.4, true, 1, 5, 2, 2, 7, 1)).containsExactly(1.5f, 1.5f, 1.5f, 1, 1, 1);
    }

    @Test
    void theLastTokenHasNoNextAndIsNeverChosen() {
        assertThat(gamma(1, false, 1, 2, 3)).containsExactly(1.5f, 1.5f, 1);
        assertThat(gamma(1, true, 1, 2, 3)).containsExactly(1.5f, 1.5f, 1);
        assertThat(gamma(1, false, 4)).containsExactly(1);
    }

    @Test
    void aShareIsReadAsADecimal() {
        // 0.1 * 30 is 3.0000000000000004 in binary
        float[] waad = new float[30];
        for (int t = 0; t < 30; t++) {
            waad[t] = t * t;
        }
        assertThat(gamma(0.1, false, waad)).containsOnly(1, 1.5f);
        int amplified = 0;
        for (float weight : gamma(0.1, false, waad)) {
            amplified += weight > 1 ? 1 : 0;
        }
        assertThat(amplified).isEqualTo(3);
    }

    private static float[] gamma(double share, boolean bottom, float... waad) {
        float[] fai = new float[waad.length];
        java.util.Arrays.fill(fai, NAN);
        return new LocalChunk(new Selection(share, bottom, 1.5, Ties.EARLIER)).gamma(Batches.rhythm(waad, fai));
    }
}
