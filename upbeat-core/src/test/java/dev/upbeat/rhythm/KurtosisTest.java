package dev.upbeat.rhythm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class KurtosisTest {
    private static final float NAN = Float.NaN;

    @Test
    void fourEvenValuesWorkedByHand() {
        // 1 2 3 4: mean 2.5, m2 = (2.25 + 0.25) / 2 = 1.25, m4 = (5.0625 + 0.0625) / 2 = 2.5625; 2.5625 / 1.5625 - 3
        assertThat(Kurtosis.excess(new float[] {1, 2, 3, 4})).isCloseTo(-1.36, within(1e-12));
    }

    /** SciPy 1.17.1: scipy.stats.kurtosis(numpy.float32(x).astype(float), fisher=True, bias=True). */
    @Test
    void valuesAreThoseOfScipy() {
        assertThat(Kurtosis.excess(new float[] {0, 0, 0, 0, 1})).isCloseTo(0.25, within(1e-12));
        assertThat(Kurtosis.excess(new float[] {
                    0.625f, 0.897f, 0.776f, 0.225f, 0.3f, 0.874f, 0.005f, 0.821f, 0.797f, 0.468f, 0.303f, 0.278f
                }))
                .isCloseTo(-1.353501196759106, within(1e-12));
        assertThat(Kurtosis.excess(new float[] {
                    0.000255f, 0.000445f, 0.000505f, 0.000553f, 0.000996f, 0.000793f, 0.000622f, 0.000989f, 0.000215f,
                    0.00016f, 0.4f, 0.000613f, 4.4e-05f, 3.6e-05f, 0.000515f, 0.000466f
                }))
                .isCloseTo(11.06642939344661, within(1e-11));
    }

    @Test
    void undefinedValuesAreLeftOut() {
        assertThat(Kurtosis.excess(new float[] {NAN, 1, 2, NAN, 3, 4, NAN})).isCloseTo(-1.36, within(1e-12));
    }

    @Test
    void fewerThanFourValuesOrNoVarianceDoNotCount() {
        assertThat(Kurtosis.excess(new float[] {1, 2, 4, NAN})).isNaN();
        assertThat(Kurtosis.excess(new float[0])).isNaN();
        assertThat(Kurtosis.excess(new float[] {0.1f, 0.1f, 0.1f, 0.1f, 0.1f, 0.1f, 0.1f}))
                .isNaN();
    }
}
