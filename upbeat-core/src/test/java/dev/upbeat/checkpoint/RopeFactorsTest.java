package dev.upbeat.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.io.BadInputException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RopeFactorsTest {
    private static final Path FILE = Path.of("model.gguf");

    @ParameterizedTest
    @CsvSource({"8, 128", "32, 64", "32, 128"})
    void theFactorsOfPublishedModelsGiveTheirScaling(double factor, int headDim) {
        float[] factors = converted(factor, 1, 4, 8192, headDim);
        assertThat(RopeFactors.scaling(factors, 500_000, headDim, FILE))
                .isEqualTo(new RopeScaling.Llama3(factor, 1, 4, 8192));
    }

    @Test
    void factorsOfOneAreNoScaling() {
        float[] ones = new float[32];
        Arrays.fill(ones, 1);
        assertThat(RopeFactors.scaling(ones, 500_000, 64, FILE)).isEqualTo(new RopeScaling.None());
    }

    @ParameterizedTest
    @CsvSource({"2, 4, 8192", "1, 8, 8192", "1, 4, 4096"})
    void factorsOfOtherParametersAreRefusedNotGuessed(double low, double high, int context) {
        float[] factors = converted(8, low, high, context, 128);
        assertThatThrownBy(() -> RopeFactors.scaling(factors, 500_000, 128, FILE))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("of rope_freqs.weight, expected")
                .hasMessageContaining("use the model's Hugging Face directory");
    }

    @Test
    void factorsThatAreNoNumbersOrTooFewAreRefused() {
        float[] factors = converted(8, 1, 4, 8192, 128);
        factors[3] = Float.NaN;
        assertThatThrownBy(() -> RopeFactors.scaling(factors, 500_000, 128, FILE))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("NaN at 3");
        assertThatThrownBy(() -> RopeFactors.scaling(new float[] {1, Float.NaN}, 500_000, 4, FILE))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("NaN at 1");
        assertThatThrownBy(() -> RopeFactors.requireCount(factors.length, 64, FILE))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("64 values in rope_freqs.weight, expected 32 for heads of 64");
    }

    /** As llama.cpp's converter computes them, in f32, from the parameters of config.json; base 500,000. */
    private static float[] converted(double factor, double low, double high, int context, int headDim) {
        float[] factors = new float[headDim / 2];
        for (int i = 0; i < factors.length; i++) {
            float frequency = (float) (1 / Math.pow(500_000, (float) (2 * i) / headDim));
            float wavelength = (float) (2 * Math.PI / frequency);
            if (wavelength < context / high) {
                factors[i] = 1;
            } else if (wavelength > context / low) {
                factors[i] = (float) factor;
            } else {
                double smooth = (context / wavelength - low) / (high - low);
                factors[i] = (float) (1 / ((1 - smooth) / factor + smooth));
            }
        }
        return factors;
    }
}
