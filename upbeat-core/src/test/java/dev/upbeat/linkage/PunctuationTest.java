package dev.upbeat.linkage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PunctuationTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                ".",
                ",",
                " (",
                "...",
                "\n",
                "\n\n",
                ".\n",
                " \n",
                "\r\n",
                "\u2028",
                "。",
                "«",
                "—",
                "_",
                "**",
                "\\",
                "\",",
                "\u00a0\n"
            })
    void punctuationAndLineBreaksAre(String token) {
        assertThat(Punctuation.isPunctuationOrLineBreak(token)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "\t",
                "\u00a0",
                "a",
                " the",
                "1.",
                "x\n",
                "=",
                " +",
                "$",
                "<|im_end|>",
                "é",
                "😀",
                "\ufffd"
            })
    void wordsNumbersSymbolsAndSpacesAreNot(String token) {
        assertThat(Punctuation.isPunctuationOrLineBreak(token)).isFalse();
    }
}
