package dev.upbeat.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepsTest {
    @Test
    void stepsEndAtBlankLines() {
        assertThat(Steps.of(List.of("a", "\n", "b", ".\n\n", "c", "\n", "\n", "d")))
                .containsExactly(0, 0, 0, 0, 1, 1, 1, 2);
    }

    @Test
    void aRunOfBlankLinesEndsOneStep() {
        assertThat(Steps.of(List.of("a", "\n\n", " \t\n", "\r\n", "b"))).containsExactly(0, 0, 0, 0, 1);
        assertThat(Steps.of(List.of("a\n\nb\n\nc", "d"))).containsExactly(0, 1);
    }

    @Test
    void aBlankLineAtTheEndBeginsNoStep() {
        assertThat(Steps.of(List.of("a", "\n\n"))).containsExactly(0, 0);
    }

    @Test
    void withoutBlankLinesStepsEndAtLineBreaks() {
        assertThat(Steps.of(List.of("a", "\n", "b", ".\n", "c"))).containsExactly(0, 0, 1, 1, 2);
        assertThat(Steps.of(List.of("a", "b", ""))).containsExactly(0, 0, 0);
    }

    @Test
    void longRunsOfLineBreaksAreOneEnd() {
        List<String> tokens = Collections.nCopies(100_000, "\n");
        assertThat(Steps.of(tokens)).containsOnly(0);
    }
}
