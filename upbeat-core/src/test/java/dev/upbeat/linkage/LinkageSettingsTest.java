package dev.upbeat.linkage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.upbeat.io.BadInputException;
import org.junit.jupiter.api.Test;

class LinkageSettingsTest {
    @Test
    void theDefaultsAreTheMethods() {
        LinkageSettings settings = LinkageSettings.DEFAULT;
        assertThat(settings.peakShare()).isEqualTo(0.3);
        assertThat(settings.lag()).isEqualTo(1);
        assertThat(settings.tail()).isEqualTo(10);
        assertThat(settings.shuffles()).isGreaterThanOrEqualTo(1_000);
        assertThat(settings.resamples()).isGreaterThanOrEqualTo(2_000);
        assertThat(settings.withSeed(7)).isEqualTo(new LinkageSettings(0.3, 1, 10, 2_000, 2_000, 7));
    }

    @Test
    void invalidSettingsAreRejected() {
        assertRefused("share", () -> new LinkageSettings(0, 1, 10, 1_000, 1_000, 0));
        assertRefused("1.5", () -> new LinkageSettings(1.5, 1, 10, 1_000, 1_000, 0));
        assertRefused("lag -1", () -> new LinkageSettings(0.3, -1, 10, 1_000, 1_000, 0));
        assertRefused("tail -2", () -> new LinkageSettings(0.3, 1, -2, 1_000, 1_000, 0));
        assertRefused("999 shuffles", () -> new LinkageSettings(0.3, 1, 10, 999, 1_000, 0));
        assertRefused("10 bootstrap resamples", () -> new LinkageSettings(0.3, 1, 10, 1_000, 10, 0));
    }

    private static void assertRefused(String part, Runnable settings) {
        assertThatExceptionOfType(BadInputException.class)
                .isThrownBy(settings::run)
                .withMessageContaining(part);
    }
}
