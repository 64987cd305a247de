package dev.upbeat.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.junit.jupiter.api.Test;

class SharesTest {
    @Test
    void aShareIsReadAsTheDecimalThatWasWritten() {
        assertThat(0.07 * 100).as("the trap: the binary product lies above 7").isGreaterThan(7);
        assertThat(Shares.count(0.07, 100)).isEqualTo(7);
        for (int percent = 1; percent <= 100; percent++) {
            BigDecimal share = new BigDecimal(percent).movePointLeft(2);
            for (int n = 0; n <= 1000; n++) {
                int exact = share.multiply(new BigDecimal(n))
                        .setScale(0, RoundingMode.CEILING)
                        .intValueExact();
                assertThat(Shares.count(share.doubleValue(), n))
                        .as("%s of %d", share, n)
                        .isEqualTo(exact);
            }
        }
    }

    @Test
    void theSmallestShareOfSomethingIsOne() {
        assertThat(Shares.count(0.001, 1)).isEqualTo(1);
        assertThat(Shares.count(0.3, 1)).isEqualTo(1);
        assertThat(Shares.count(0.3, 0)).isZero();
    }

    @Test
    void invalidSharesAreRejected() {
        for (double share : new double[] {0, -0.1, 1.01, Double.NaN}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Shares.count(share, 10))
                    .withMessageContaining(String.valueOf(share));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> Shares.count(0.3, -1));
    }
}
