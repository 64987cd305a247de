package dev.upbeat.app.study.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FormatTest {
    @Test
    void aNumberThatRoundsToZeroHasNoMinus() {
        assertThat(Format.signed(-0.004, 2)).isEqualTo("0.00");
        assertThat(Format.signedPercent(-0.0004)).isEqualTo("0.0%");
        assertThat(Format.signed(-0.006, 2)).isEqualTo("-0.01");
        assertThat(Format.signed(0.006, 2)).isEqualTo("+0.01");
    }
}
