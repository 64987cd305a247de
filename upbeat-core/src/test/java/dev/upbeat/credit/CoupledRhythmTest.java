package dev.upbeat.credit;

import static dev.upbeat.credit.Batches.NAN;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.trace.Step;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** By hand: share 0.4, amplification 1.5, alpha 0.5, lookback 3 unless said otherwise. */
class CoupledRhythmTest {
    private static final CoupledRhythm COUPLED = coupled(0.4, 0.5, 3, false);

    @Test
    void aDominatedAnchorSharesItsBonusWithItsIntro() {
        // D = 8 0 0 0 -: T_loc = {0, 1}, tau_delta = 0; median 1; one anchor
        float[] waad = {9, 1, 1, 1, 1};
        float[] fai = {NAN, 5, NAN, NAN, NAN};
        assertThat(gamma(COUPLED, waad, fai)).containsExactly(1.25f, 1.25f, 1, 1, 1);
    }

    @Test
    void anIntroOfTwoAnchorsGetsItsBonusOnce() {
        // D = 4 3 0 5 6 -: tau_delta = 4; median (2 + 2) / 2; anchors 1 2 3, of which 2 and 3 are dominated from 0
        float[] waad = {1, 5, 2, 2, 7, 1};
        float[] fai = {0.1f, 0.5f, 0.2f, 0.9f, NAN, NAN};
        assertThat(gamma(COUPLED, waad, fai)).containsExactly(1.25f, 1.5f, 1.25f, 1.25f, 1, 1);
    }

    @Test
    void bonusesOfAnchorAndIntroAddUp() {
        // D = 0 6 0 0 -: T_loc = {1, 0}, tau_delta = 0. Anchors 1 (WAAD 7, not dominated) and 2 (dominated from 1).
        float[] waad = {7, 7, 1, 1, 1};
        float[] fai = {0, 8, 9, 0, 0};
        assertThat(gamma(COUPLED, waad, fai)).containsExactly(1, 1.75f, 1.25f, 1, 1);
    }

    @Test
    void aDominatedAnchorThatIsAnIntroGetsBothParts() {
        // D = 6 1 0 1 0 -, share 0.5: T_loc = {0, 1, 3}, tau_delta = 1; median (1 + 1) / 2; anchors 1, 2 and 5
        float[] waad = {7, 1, 0, 0, 1, 1};
        float[] fai = {0, 9, 8, 0, 0, 7};
        // 1 and 2 are dominated from 0, 5 from 3
        assertThat(gamma(coupled(0.5, 0.5, 3, false), waad, fai)).containsExactly(1.25f, 1.25f, 1.25f, 1.25f, 1, 1.25f);
        // lookback 1: 1 is dominated from 0, 2 from 1, and before 5 nothing changes
        assertThat(gamma(coupled(0.5, 0.5, 1, false), waad, fai)).containsExactly(1.25f, 1.5f, 1.25f, 1, 1, 1.5f);
    }

    @Test
    void ofEqualChangesTheLaterIsTheIntro() {
        // D = 1 1 1 0 0 -: tau_delta = 1 (T_loc = 0 1 2), median (2 + 3) / 2; the anchor 3 has 0, 1 and 2 before it
        float[] waad = {5, 4, 3, 2, 2, 2};
        float[] fai = {NAN, NAN, NAN, 1, NAN, NAN};
        assertThat(gamma(COUPLED, waad, fai)).containsExactly(1, 1, 1.25f, 1.25f, 1, 1);
    }

    @Test
    void anAnchorAtTheFirstTokenIsNotDominated() {
        float[] waad = {1, 9, 1};
        assertThat(gamma(COUPLED, waad, new float[] {1, NAN, NAN})).containsExactly(1.5f, 1, 1);
    }

    @Test
    void aSingleTokenIsAnAnchor() {
        assertThat(gamma(COUPLED, new float[] {3}, new float[] {1})).containsExactly(1.5f);
        assertThat(gamma(COUPLED, new float[] {3}, new float[] {NAN})).containsExactly(1);
    }

    @Test
    void whereNoFaiIsDefinedEveryWeightIsOne() {
        float[] fai = {NAN, NAN, NAN, NAN};
        assertThat(gamma(COUPLED, new float[] {1, 9, 1, 9}, fai)).containsOnly(1);
        assertThat(share(Batches.of(Batches.rhythm(new float[] {1, 9, 1, 9}, fai))))
                .as("no anchor, no share")
                .isNaN();
    }

    @Test
    void anEvenCountHasTheMeanOfTheMiddleTwo() {
        // sorted 0 2 4 8: median 3. D = 8 4 2 -: T_loc = {0, 1}, tau_delta = 4. The anchor 3 has D = 8 before it.
        float[] fai = {NAN, NAN, NAN, 1};
        assertThat(gamma(COUPLED, new float[] {8, 0, 4, 2}, fai)).containsExactly(1.25f, 1, 1, 1.25f);
        // with 3 at the anchor it is (3 + 4) / 2 = 3.5; with 4, 4: just reached; with 5, 4.5: missed
        assertThat(gamma(COUPLED, new float[] {8, 0, 4, 3}, fai)).containsExactly(1.25f, 1, 1, 1.25f);
        assertThat(gamma(COUPLED, new float[] {8, 0, 4, 4}, fai)).containsExactly(1.25f, 1, 1, 1.25f);
        assertThat(gamma(COUPLED, new float[] {8, 0, 4, 5}, fai)).containsExactly(1, 1, 1, 1.5f);
    }

    @Test
    void anAnchorAfterASmallChangeIsNotDominated() {
        // D = 9 0 0 1 1 0 0 0 0 -, median 0; before the anchor 6 the largest change is 1, the later one at 4
        float[] waad = {9, 0, 0, 0, 1, 0, 0, 0, 0, 0};
        float[] fai = {NAN, NAN, NAN, NAN, NAN, NAN, 1, NAN, NAN, NAN};
        // T_loc = {0}: tau_delta = 9
        assertThat(gamma(coupled(0.1, 0.5, 3, false), waad, fai)).containsExactly(1, 1, 1, 1, 1, 1, 1.5f, 1, 1, 1);
        // T_loc = {0, 3, 4}: tau_delta = 1
        assertThat(gamma(coupled(0.3, 0.5, 3, false), waad, fai)).containsExactly(1, 1, 1, 1, 1.25f, 1, 1.25f, 1, 1, 1);
    }

    @Test
    void alphaZeroIsGlobalAnchorAndOneMovesEverything() {
        float[] waad = {1, 5, 2, 2, 7, 1};
        float[] fai = {0.1f, 0.5f, 0.2f, 0.9f, NAN, NAN};
        assertThat(gamma(coupled(0.4, 0, 3, false), waad, fai)).containsExactly(1, 1.5f, 1.5f, 1.5f, 1, 1);
        assertThat(gamma(coupled(0.4, 1, 3, false), waad, fai)).containsExactly(1.5f, 1.5f, 1, 1, 1, 1);
    }

    @Test
    void fromTheBottomTheAnchorsChangeAndTheThresholdsStay() {
        // as above: tau_delta = 4, median 2; anchors 0 and, of two tied at 0.2, 2; 3 has the highest FAI and is none
        float[] waad = {1, 5, 2, 2, 7, 1};
        float[] fai = {0.1f, 0.5f, 0.2f, 0.9f, NAN, 0.2f};
        // 5: WAAD 1, of 2 3 4 the intro is 4 (D = 6)
        assertThat(gamma(coupled(0.4, 0.5, 3, true), waad, fai)).containsExactly(1.75f, 1, 1.25f, 1, 1.25f, 1.25f);
    }

    @Test
    void theWholeShareTakesEveryDefinedToken() {
        // D = 2 0 -: tau_delta = 0, median 1; anchors 0, 1 and 2; 1 and 2 are dominated, both from 0
        float[] gamma = gamma(coupled(1, 0.5, 3, false), new float[] {3, 1, 1}, new float[] {1, 2, 3});
        assertThat(gamma).containsExactly(1.75f, 1.25f, 1.25f);
    }

    @Test
    void theCoupledShareCountsDominatedAnchors() {
        Step batch = Batches.of(
                Batches.rhythm(new float[] {1, 5, 2, 2, 7, 1}, new float[] {0.1f, 0.5f, 0.2f, 0.9f, NAN, NAN}),
                Batches.rhythm(new float[] {3}, new float[] {1}));
        assertThat(share(batch)).isEqualTo(2 / 4.0);
    }

    private static double share(Step step) {
        return requireNonNull(COUPLED.gamma(step).metrics().get(CreditMetrics.COUPLED_SHARE));
    }

    private static CoupledRhythm coupled(double share, double alpha, int lookback, boolean bottom) {
        return (CoupledRhythm) new CreditOptions(
                        "coupled-rhythm",
                        Map.of("share", share, "alpha", alpha, "lookback", lookback, "from", bottom ? "bottom" : "top"))
                .credit();
    }

    private static float[] gamma(CoupledRhythm coupled, float[] waad, float[] fai) {
        return coupled.gamma(Batches.of(Batches.rhythm(waad, fai))).weights()[0];
    }
}
