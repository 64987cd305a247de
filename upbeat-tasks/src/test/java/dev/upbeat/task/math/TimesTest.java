package dev.upbeat.task.math;

import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.trace.Score;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clock times beside ratios. Of each line the first is the gold, the second the response. */
class TimesTest {
    @ParameterizedTest
    @CsvSource(delimiter = '#', quoteCharacter = '`', textBlock = """
                    10:30 AM                          # 10:30 am
                    10:30 AM                          # 10:30 \\text{ a.m.}
                    10:30 \\text{ PM}                 # 10:30 p.m.
                    10:30 PM                          # 22:30
                    2:15                              # 02:15
                    2:15                              # 2\\!:\\!15
                    3:4                               # 6:8
                    1:2                               # 2:4
                    3:4                               # 15:20
                    1:2:3                             # 2:4:6
                    2:3                               # \\frac{2}{3}
                    2:15                              # \\frac{2}{15}
                    5 \\text{ PM}                     # 5:00 PM
                    5:00 \\text{ p.m.}                # 5 p.m.
                    7:45                              # 7:45 \\text{ p.m.}
                    4\\!:\\!51\\!:\\!06 \\text{ p.m.} # 4:51:06 PM
                    10:30 AM                          # \\text{10:30 AM}
                    7:32                              # S_{MBCN}:S=7:32
                    (2:15)                            # 2:15
                    19:60                             # 19:60
                    """)
    void equalTimesAndRatiosAreRight(String gold, String response) {
        Score score = MathVerifier.verify(gold, "Hence $\\boxed{" + response + "}$.");
        assertThat(score.correct()).as(score.toString()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '#', quoteCharacter = '`', textBlock = """
                    2:30 # They meet at 2:30.
                    2:30 # The answer is 2:30 p.m.
                    """)
    void equalTimesAndRatiosInProseAreRight(String gold, String response) {
        Score score = MathVerifier.verify(gold, response.replace('⏎', '\n'));
        assertThat(score.correct()).as(score.toString()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '#', quoteCharacter = '`', textBlock = """
                    2:15          # 4:30
                    3:20          # 6:40
                    10:30         # 1:3
                    10:30 AM      # 10:30 PM
                    1:2:3         # 1:6
                    1:2:3         # 3:2:1
                    12:00         # 1:00
                    9:05          # 9:50
                    5 \\text{ PM} # 5 AM
                    2:15          # 2.25
                    2:30          # 1:15
                    4:51:06       # 9:42:12
                    1:1           # 1:2
                    """)
    void otherTimesAndRatiosAreWrong(String gold, String response) {
        Score score = MathVerifier.verify(gold, "Hence $\\boxed{" + response + "}$.");
        assertThat(score.correct()).as(score.toString()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '#', quoteCharacter = '`', textBlock = """
                    30 # They meet at 2:30.
                    """)
    void otherTimesAndRatiosInProseAreWrong(String gold, String response) {
        Score score = MathVerifier.verify(gold, response.replace('⏎', '\n'));
        assertThat(score.correct()).as(score.toString()).isFalse();
    }
}
