package dev.upbeat.study.perturbation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.trace.Observation;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PositionsTest {
    private static final float NAN = Float.NaN;

    //                                     0  1  2  3  4  5  6  7  8  9
    private static final float[] FAI = {.1f, .9f, .2f, .8f, .05f, .3f, .01f, .7f, .99f, NAN};
    private static final float[] WAAD = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    private static final float[] ENTROPY = {.5f, 2f, .1f, .2f, .3f, 1.9f, .6f, .25f, 5f, 5f};

    private static Map<Criterion, int[]> chosen(int count, int tail) {
        Observation seen = new Observation(new float[10], ENTROPY, WAAD, FAI, null, null, null);
        return new Positions(seen, count, tail).all(List.of(Criterion.values()), new SplittableRandom(1));
    }

    @Test
    void eachCriterionTakesItsMostExtremePositionsFirst() {
        Map<Criterion, int[]> chosen = chosen(2, 2); // 8 and 9 are no candidates
        assertThat(chosen.get(Criterion.HIGH_FAI)).containsExactly(1, 3);
        assertThat(chosen.get(Criterion.LOW_FAI)).containsExactly(6, 4);
        assertThat(chosen.get(Criterion.HIGH_WAAD)).containsExactly(7, 6);
        assertThat(chosen.get(Criterion.LOW_WAAD)).containsExactly(0, 1);
        assertThat(chosen.get(Criterion.HIGH_ENTROPY)).containsExactly(1, 5);
        assertThat(chosen.get(Criterion.LOW_ENTROPY)).containsExactly(2, 3);
        assertThat(Arrays.stream(chosen.get(Criterion.RANDOM)))
                .hasSize(2)
                .doesNotHaveDuplicates()
                .allMatch(each -> each < 8);
    }

    @Test
    void undefinedFaiIsNeverChosenWithoutATailEither() {
        chosen(3, 0)
                .forEach((criterion, positions) ->
                        assertThat(positions).as(criterion.label()).doesNotContain(9));
    }

    /** Of 0 2 4 6, with FAI at most the median .2: position 1 (entropy 2.0) is nearest to 0, then position 3 (.2) to 2 or 4. */
    @Test
    void aMatchedControlIsNearInEntropyAndPosition() {
        int[] matched = chosen(2, 2).get(Criterion.MATCHED);
        assertThat(matched).containsExactly(0, 2);
        assertThat(Arrays.stream(matched)).allMatch(position -> FAI[position] <= .2f);
    }

    @Test
    void tooFewCandidatesDoNotSuffice() {
        Observation seen = new Observation(new float[10], ENTROPY, WAAD, FAI, null, null, null);
        assertThat(new Positions(seen, 4, 2).suffice()).isTrue();
        assertThat(new Positions(seen, 5, 2).suffice()).isFalse();
        assertThat(new Positions(seen, 1, 20).suffice()).isFalse();
    }
}
