package dev.upbeat.app.figure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TokenLinesTest {
    @Test
    void whiteSpaceIsVisible() {
        assertThat(TokenLines.shown("")).isEqualTo("\u2205");
        assertThat(TokenLines.shown("  ")).isEqualTo("\u00b7\u00b7");
        assertThat(TokenLines.shown("a\n\t")).isEqualTo("a\u21b5\u2192");
        assertThat(TokenLines.shown(" word")).isEqualTo(" word");
        assertThat(TokenLines.shown("\u202e\u0000")).isEqualTo("\u27e8202E\u27e9\u27e80\u27e9");
    }

    @Test
    void linesBreakBetweenWordsAndAfterLineBreaks() {
        List<String> tokens = List.of("One", " two", " thr", "ee", ".", "\n", "four");
        assertThat(TokenLines.of(tokens, 0, 7, 8))
                .containsExactly(new TokenLines.Line(0, 2), new TokenLines.Line(2, 6), new TokenLines.Line(6, 7));
        assertThat(TokenLines.of(tokens, 2, 5, 4))
                .as("a word longer than a line breaks between tokens")
                .containsExactly(new TokenLines.Line(2, 3), new TokenLines.Line(3, 5));
    }

    @Test
    void linesHoldEveryTokenOnceAndAreNarrowEnough() {
        SplittableRandom random = new SplittableRandom(5);
        String[] pieces = {"a", " bc", "def", " ", "\n", "\u6c34", "", " longest", "-"};
        for (int i = 0; i < 500; i++) {
            List<String> tokens = new ArrayList<>();
            for (int t = 0; t < 40; t++) {
                tokens.add(pieces[random.nextInt(pieces.length)]);
            }
            int next = 0;
            for (TokenLines.Line line : TokenLines.of(tokens, 0, tokens.size(), 12)) {
                assertThat(line.start()).isEqualTo(next);
                int width = 0;
                for (int t = line.start(); t < line.end(); t++) {
                    width += TokenLines.columns(TokenLines.shown(tokens.get(t)));
                }
                assertThat(width).as("%s %s", tokens, line).isLessThanOrEqualTo(12);
                next = line.end();
            }
            assertThat(next).isEqualTo(tokens.size());
        }
    }
}
