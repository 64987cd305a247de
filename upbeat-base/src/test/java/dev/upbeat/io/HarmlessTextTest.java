package dev.upbeat.io;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HarmlessTextTest {
    @ParameterizedTest
    @ValueSource(
            ints = {
                0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069, 0x200E, 0x200F, 0x061C, 0x1B,
                0x07, 0x0D, 0x9B
            })
    void charactersThatATerminalObeysAreEscaped(int c) {
        assertThat(VisibleText.harmless("a" + Character.toString(c) + "b")).isEqualTo("a\\u%04xb".formatted(c));
    }

    @Test
    void linesLettersAndWhatJoinsThemStay() {
        String text = "one\n\ttwo \u05e9\u05dc\u05d5\u05dd \u0645\u06cc\u200c\u062e \ud83d\udc69\u200d\ud83d\udcbb";
        assertThat(VisibleText.harmless(text)).isEqualTo(text);
    }
}
