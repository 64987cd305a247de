package dev.upbeat.task.math;

import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.trace.Score;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lists beside decimal commas, and repeating decimals. Of each line the first is the gold, the second the response. */
class DecimalFormsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '#', quoteCharacter = '`', textBlock = """
                    5,15    # 15,5
                    1000.99 # 1000,99
                    3.5     # 3,5
                    0,111   # 0.111
                    3,05    # 3.05
                    1,2     # x=1, x=2
                    1234.56 # 1.234,56
                    58,500  # 58500
                    1000    # 1,000
                    10,000  # 10000
                    5,040   # 5040
                    1001    # 1,001
                    100000  # 100,000
                    3,05    # 3.05
                    -2,000  # -2000
                    3.142   # 3,142
                    """)
    void equalCommaListsAndDecimalsAreRight(String gold, String response) {
        Score score = MathVerifier.verify(gold, "Hence $\\boxed{" + response + "}$.");
        assertThat(score.correct()).as(score.toString()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '#', quoteCharacter = '`', textBlock = """
                    1,3       # 1.3
                    5,15      # 5.15
                    2500,7500 # 2500.7500
                    3.5       # 5,3
                    \\frac72  # 3,5
                    -3,0      # -3.0
                    12        # 1,2
                    1,2       # 12
                    1,2       # x=1.2
                    -330,90   # -330.90
                    221,8     # 221.8
                    31        # 3,1
                    \\{1,3\\} # 1.3
                    (1,3)     # 1.3
                    58,500    # 58.5
                    1,000     # 1.000
                    1         # 1,000
                    10,050    # 10.05
                    2.04      # 2,040
                    """)
    void otherCommaListsAndDecimalsAreWrong(String gold, String response) {
        Score score = MathVerifier.verify(gold, "Hence $\\boxed{" + response + "}$.");
        assertThat(score.correct()).as(score.toString()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '#', quoteCharacter = '`', textBlock = """
                    \\frac13            # 0.\\overline{3}
                    \\frac13            # 0.\\bar{3}
                    \\frac13            # 0.\\bar3
                    \\frac13            # 0.\\dot{3}
                    \\frac17            # 0.\\dot{1}4285\\dot{7}
                    \\frac17            # 0.\\overline{142857}
                    \\frac13            # 0.(3)
                    \\frac16            # 0.1(6)
                    \\frac13            # 0.333...
                    \\frac13            # 0.333\\ldots
                    \\frac13            # 0.333…
                    \\frac13            # 0.3333\\dots
                    \\frac{8}{11}       # 0.7272...
                    1                   # 0.\\overline{9}
                    33\\frac13\\%       # 33.\\overline{3}\\%
                    -\\frac{1}{3}       # -0.\\overline{3}
                    0.\\overline{3}     # 0.3333
                    0.\\overline{12}    # 0.\\overline{1212}
                    1.2\\overline{3}    # \\frac{37}{30}
                    \\frac13            # 0.3̅
                    \\frac13            # 0.3̇
                    \\frac{4}{11}       # .\\overline{36}
                    x = 0.\\overline{3} # \\frac{1}{3}
                    e                   # 2.718281828...
                    (\\frac13, 2)       # (0.\\overline{3}, 2)
                    0.333...            # \\frac{1}{3}
                    """)
    void equalRepeatingDecimalsAreRight(String gold, String response) {
        Score score = MathVerifier.verify(gold, "Hence $\\boxed{" + response + "}$.");
        assertThat(score.correct()).as(score.toString()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '#', quoteCharacter = '`', textBlock = """
                    0.\\overline{3}  # 0.\\overline{4}
                    \\frac13         # 0.34...
                    0.3              # 0.\\overline{3}
                    3                # 0.\\overline{3}
                    0                # 0.(3)
                    0.\\overline{3}  # 0.33
                    0.\\overline{12} # 0.\\overline{21}
                    0.1\\overline{2} # 0.\\overline{12}
                    0.\\overline{3}  # 0.3
                    0.\\overline{3}  # 0.\\dot{4}
                    0.\\bar{3}       # 0.\\overline{33}4
                    e                # 2.7
                    0.3              # 0.3\\text{ repeating}
                    0.3              # 0.3 repeating
                    0.333...         # 0.334
                    \\frac{1}{3}     # 0.(4)
                    """)
    void otherRepeatingDecimalsAreWrong(String gold, String response) {
        Score score = MathVerifier.verify(gold, "Hence $\\boxed{" + response + "}$.");
        assertThat(score.correct()).as(score.toString()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '#', quoteCharacter = '`', textBlock = """
                    1.24e-8   # 1.24\\times 10^{-8}
                    1.24e-8   # 0.0000000124
                    1.325e-27 # 1.3249\\times 10^{-27}
                    2.5e-3    # 0.0025
                    1.24e3    # 1240
                    """)
    void equalScientificNumbersAreRight(String gold, String response) {
        Score score = MathVerifier.verify(gold, "Hence $\\boxed{" + response + "}$.");
        assertThat(score.correct()).as(score.toString()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '#', quoteCharacter = '`', textBlock = """
                    1.24e-8   # 124e-8
                    1.24e-8   # 2e-8
                    1.24e-8   # 124\\times10^{-8}
                    1.24e-8   # -1.24e-8
                    1.325e-27 # 1325e-27
                    5.3e-9    # 53e-9
                    1.24e-8   # 1.25e-8
                    1.24e3    # 1241
                    """)
    void otherScientificNumbersAreWrong(String gold, String response) {
        Score score = MathVerifier.verify(gold, "Hence $\\boxed{" + response + "}$.");
        assertThat(score.correct()).as(score.toString()).isFalse();
    }
}
