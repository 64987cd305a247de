package dev.upbeat.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.upbeat.learn.GroupAdvantage.Deviation;
import org.junit.jupiter.api.Test;

class GroupAdvantageTest {
    @Test
    void thePopulationsDeviationDividesByN() {
        float[] advantages = GroupAdvantage.of(new double[] {1, 0, 0, 1}, 4, Deviation.POPULATION);
        assertThat(advantages).containsExactly(1 / 1.000002f, -1 / 1.000002f, -1 / 1.000002f, 1 / 1.000002f);
    }

    @Test
    void advantagesAreStandardizedWithinTheGroup() {
        // 1 0 0 1: mean 1/2, squares 4/4, n - 1 = 3; 0 0 0 3: mean 3/4, squares 27/4, deviation 3/2
        float[] advantages = GroupAdvantage.of(new double[] {1, 0, 0, 1, 0, 0, 0, 3}, 4, Deviation.SAMPLE);
        float one = (float) (0.5 / (Math.sqrt(1 / 3.0) + 1e-6));
        float few = (float) (0.75 / (1.5 + 1e-6));
        assertThat(advantages)
                .containsExactly(new float[] {one, -one, -one, one, -few, -few, -few, 3 * few}, within(1e-6f));
    }

    @Test
    void equalRewardsHaveNoAdvantageAtAll() {
        assertThat(GroupAdvantage.of(new double[] {0.1, 0.1, 0.1}, 3, Deviation.SAMPLE))
                .containsExactly(0f, 0f, 0f);
    }

    @Test
    void groupsOfOneAndBrokenGroupsAreRefused() {
        assertThatThrownBy(() -> GroupAdvantage.of(new double[4], 1, Deviation.SAMPLE))
                .hasMessageContaining("groups of 1");
        assertThatThrownBy(() -> GroupAdvantage.of(new double[5], 2, Deviation.SAMPLE))
                .hasMessageContaining("5 rewards in groups of 2");
    }

    @Test
    void theOverlongPenaltyGrowsOverTheMargin() {
        OverlongPenalty penalty = new OverlongPenalty(100, 20);
        assertThat(new double[] {penalty.of(10), penalty.of(80), penalty.of(85), penalty.of(100), penalty.of(130)})
                .containsExactly(new double[] {0, 0, -0.25, -1, -1}, within(1e-12));
        assertThatThrownBy(() -> new OverlongPenalty(10, 11)).hasMessageContaining("margin is 11 tokens");
    }
}
