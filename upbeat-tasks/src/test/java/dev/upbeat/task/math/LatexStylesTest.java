package dev.upbeat.task.math;

import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.task.Latex;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every command that changes only the look of an answer leaves its verdict unchanged. */
class LatexStylesTest {
    private static Stream<String> styles() {
        return Latex.STYLES.stream();
    }

    private static boolean right(String gold, String boxed) {
        return MathVerifier.verify(gold, "So \\boxed{" + boxed + "}").correct();
    }

    @ParameterizedTest
    @MethodSource("styles")
    void aStyledNumberHasItsOwnValue(String style) {
        assertThat(right("12", "\\" + style + "{12}")).isTrue();
        assertThat(right("12", "\\" + style + "{13}")).isFalse();
        assertThat(right("12", "\\" + style + " 12")).isTrue();
        assertThat(right("12", "\\" + style + " 13")).isFalse();
    }

    @ParameterizedTest
    @MethodSource("styles")
    void aStyledLetterIsAChoice(String style) {
        assertThat(right("C", "\\" + style + "{(C)}\\ 12")).isTrue();
        assertThat(right("C", "\\" + style + "{(C)}\\ -5")).isTrue();
        assertThat(right("C", "\\" + style + "{(B)}\\ 12")).isFalse();
    }

    @ParameterizedTest
    @MethodSource("styles")
    void aStyledAnnouncementIsNotPartOfTheAnswer(String style) {
        assertThat(right("12", "\\" + style + "{The answer is }12")).isTrue();
        assertThat(right("12", "\\" + style + "{The answer is }13")).isFalse();
    }
}
