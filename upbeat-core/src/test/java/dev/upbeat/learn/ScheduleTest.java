package dev.upbeat.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.upbeat.learn.Schedule.Shape;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    @Test
    void theWarmUpRisesInEqualStepsToThePeak() {
        Schedule schedule = new Schedule(Shape.CONSTANT, 4, 3, 10, 1);
        assertThat(new double[] {schedule.at(0), schedule.at(1), schedule.at(2), schedule.at(3), schedule.at(99)})
                .containsExactly(1, 2, 3, 4, 4);
    }

    @Test
    void linearFallsFromThePeakToTheFloor() {
        Schedule schedule = new Schedule(Shape.LINEAR, 1, 2, 12, 0.1);
        assertThat(schedule.at(2)).isEqualTo(1);
        assertThat(schedule.at(7)).isCloseTo(0.55, within(1e-12));
        assertThat(schedule.at(12)).isCloseTo(0.1, within(1e-12));
        assertThat(schedule.at(1000)).isCloseTo(0.1, within(1e-12));
    }

    @Test
    void cosineFallsSlowlyAtBothEnds() {
        Schedule schedule = new Schedule(Shape.COSINE, 2, 0, 8, 0.5);
        assertThat(schedule.at(0)).isEqualTo(2);
        assertThat(schedule.at(4)).isCloseTo(1.5, within(1e-12));
        assertThat(schedule.at(8)).isCloseTo(1, within(1e-12));
        assertThat(schedule.at(0) - schedule.at(1)).isLessThan(schedule.at(4) - schedule.at(5));
    }

    @Test
    void aWarmUpOfAllStepsEndsAtTheFloor() {
        assertThat(new Schedule(Shape.COSINE, 1, 5, 5, 0).at(5)).isZero();
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        assertThatThrownBy(() -> Schedule.constant(0)).hasMessageContaining("learning rate is 0.0");
        assertThatThrownBy(() -> new Schedule(Shape.LINEAR, 1, 6, 5, 0)).hasMessageContaining("6 steps of 5");
        assertThatThrownBy(() -> new Schedule(Shape.LINEAR, 1, 0, 5, 1.5)).hasMessageContaining("floor is 1.5");
    }
}
