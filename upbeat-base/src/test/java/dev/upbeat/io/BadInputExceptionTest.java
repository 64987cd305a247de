package dev.upbeat.io;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BadInputExceptionTest {
    @Test
    void lineBreaksInANameAreEscaped() {
        assertThat(new BadInputException("there is no key a\nb\tc\u0000; expected d"))
                .hasMessage("there is no key a\\nb\\tc\\u0000; expected d");
    }

    @ParameterizedTest
    @ValueSource(ints = {0x1b, 0x7f, 0x85, 0xa0, 0xad, 0x200b, 0x2028, 0x202e, 0x3000, 0xd800, 0xfeff})
    void invisibleCharactersAreShownByCodePoint(int codePoint) {
        String given = "a" + (codePoint == 0xd800 ? "\ud800" : Character.toString(codePoint)) + "b";
        assertThat(new BadInputException(given)).hasMessage("a\\u%04xb".formatted(codePoint));
    }

    @Test
    void visibleTextIsUnchanged() {
        String text = "größer: 數學 ∑ 😀 \"C:\\x\"";
        assertThat(new BadInputException(text, new RuntimeException())).hasMessage(text);
    }
}
