package dev.upbeat.learn;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class RolloutMismatchTest {
    private static final Offset<Double> ROUNDING = Offset.offset(1e-6);

    @Test
    void weightsAreRatiosOfProbabilitiesUpToTheThreshold() {
        float[] observed = {(float) Math.log(0.5), (float) Math.log(0.9), (float) Math.log(0.2)};
        float[] drawn = {(float) Math.log(0.4), (float) Math.log(0.3), (float) Math.log(0.8)};
        assertThat(RolloutMismatch.importance(observed, drawn, 2))
                .containsExactly(new double[] {1.25, 2, 0.25}, ROUNDING);
        assertThat(RolloutMismatch.importance(observed, drawn, Double.POSITIVE_INFINITY))
                .containsExactly(new double[] {1.25, 3, 0.25}, ROUNDING);
    }
}
