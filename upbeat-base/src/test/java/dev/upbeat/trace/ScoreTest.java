package dev.upbeat.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScoreTest {
    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void rewardsAndPartsThatAreNotFiniteAreRefused(double value) {
        assertThatThrownBy(() -> new Score(value, Map.of(Score.CORRECT, 1.0), null, "r"))
                .hasMessageContaining("reward " + value);
        assertThatThrownBy(() -> new Score(1, Map.of(Score.CORRECT, 1.0, "style", value), null, "r"))
                .hasMessageContainingAll("style", String.valueOf(value));
    }

    @Test
    void rewardsOfAnyFiniteSizeAreAccepted() {
        for (double reward : new double[] {1e300, -1e300, Double.MAX_VALUE, Double.MIN_VALUE}) {
            assertThat(new Score(reward, Map.of(Score.CORRECT, 0.0), null, "r").reward())
                    .isEqualTo(reward);
        }
    }
}
