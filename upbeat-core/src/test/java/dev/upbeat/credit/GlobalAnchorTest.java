package dev.upbeat.credit;

import static dev.upbeat.credit.Batches.NAN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.series.TopQ.Ties;
import org.junit.jupiter.api.Test;

class GlobalAnchorTest {
    @Test
    void theTokensOfHighestFaiAreAmplified() {
        assertThat(gamma(0.4, false, 0.1f, 0.5f, 0.2f, 0.9f, 0.3f)).containsExactly(1, 1.5f, 1, 1.5f, 1);
    }

    @Test
    void fromBottomSelectsTheTokensOfLowestFai() {
        assertThat(gamma(0.4, true, 0.1f, 0.5f, 0.2f, 0.9f, NAN)).containsExactly(1.5f, 1, 1.5f, 1, 1);
    }

    @Test
    void tiesGoToTheEarlierTokenOnEitherSide() {
        assertThat(gamma(0.5, false, 2, 2, 2, 2)).containsExactly(1.5f, 1.5f, 1, 1);
        assertThat(gamma(0.5, true, 2, 2, 2, 2)).containsExactly(1.5f, 1.5f, 1, 1);
    }

    @Test
    void undefinedFaiCountsTowardsTheShareAndIsNeverChosen() {
        // three of six, and only two are defined
        assertThat(gamma(0.5, false, NAN, 1, NAN, 2, NAN, NAN)).containsExactly(1, 1.5f, 1, 1.5f, 1, 1);
        assertThat(gamma(1, true, NAN, NAN)).containsExactly(1, 1);
    }

    @Test
    void oneTokenIsAnAnchorWhereItsFaiIsDefined() {
        assertThat(gamma(0.4, false, 0.5f)).containsExactly(1.5f);
        assertThat(gamma(0.4, false, NAN)).containsExactly(1);
    }

    @Test
    void theWholeShareAmplifiesAllThatIsDefined() {
        assertThat(gamma(1, false, 3, 1, NAN)).containsExactly(1.5f, 1.5f, 1);
    }

    private static float[] gamma(double share, boolean bottom, float... fai) {
        return new GlobalAnchor(new Selection(share, bottom, 1.5, Ties.EARLIER), "fai")
                .gamma(Batches.rhythm(new float[fai.length], fai));
    }
}
