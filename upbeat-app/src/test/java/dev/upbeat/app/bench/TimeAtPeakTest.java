package dev.upbeat.app.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.upbeat.checkpoint.Architecture;
import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.checkpoint.RopeScaling;
import dev.upbeat.tensor.Dtype;
import dev.upbeat.tensor.MachinePeak;
import dev.upbeat.trace.Horizon;
import dev.upbeat.trace.RhythmSettings;
import java.util.List;
import org.junit.jupiter.api.Test;

/** By hand: E = 10, H = 4, K = 2, D = 3, M = 20, V = 50, two layers. */
class TimeAtPeakTest {
    /** q 10 x 12, k and v 10 x 6 each, o 12 x 10, three of 10 x 20: 120 + 120 + 120 + 600. */
    private static final double LAYER = 960;

    private static final ModelConfig MODEL = new ModelConfig(
            Architecture.LLAMA,
            2,
            10,
            4,
            2,
            3,
            20,
            50,
            100,
            1e-5,
            1e4,
            new RopeScaling.None(),
            false,
            false,
            false,
            false,
            true,
            List.of(0, 0),
            null,
            List.of());

    private static TimeAtPeak with(double f32, double bandwidth) {
        return new TimeAtPeak(MODEL, Dtype.F32, new MachinePeak(f32, null, bandwidth));
    }

    @Test
    void aForwardPassIsItsProducts() {
        // 7 tokens, 28 pairs, each with 2 x 3 multiplications in 4 heads and 2 layers
        double operations = 2 * 7 * (2 * LAYER + 500) + 2 * 28 * (2 * 3) * 4 * 2;
        assertThat(with(1e3, 1e12).forward(1, 7)).isCloseTo(operations / 1e3, within(1e-9));
        assertThat(with(1e3, 1e12).update(1, 7)).isCloseTo(3 * operations / 1e3, within(1e-9));
    }

    @Test
    void anObservedLayerNeedsItsScoresAgain() {
        TimeAtPeak atPeak = with(1e3, 1e12);
        double forward = atPeak.forward(1, 7);
        assertThat(atPeak.observe(1, 7, List.of(1), RhythmSettings.ANALYSIS) - forward)
                .isCloseTo(2 * 28 * 3 * 4 / 1e3, within(1e-9));
        RhythmSettings near = new RhythmSettings(0.3, 0.1, 2, new Horizon(1, 3));
        assertThat(atPeak.observe(1, 7, List.of(0, 1), near) - forward)
                .isCloseTo(2 * (2 * 7 * 3 * 3 * 4) / 1e3, within(1e-9));
    }

    @Test
    void decodingReadsWeightsAndCache() {
        // 3 steps of one token: 4 bytes a weight each; keys and values of 2, 3, 4 tokens, 2 x 2 x 2 x 3 floats each
        double prompt = 4 * 2 * LAYER / 8;
        double steps = (3 * 4 * (2 * LAYER + 500) + (2 + 3 + 4) * 4 * 24) / 8;
        assertThat(with(1e12, 8).decode(1, 2, 3, 1)).isCloseTo(prompt + steps, within(1e-6));
    }
}
