package dev.upbeat.task.math;

import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.trace.Score;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Unicode, plain TeX, styles and words around an answer. Of each line the first is the gold, the second the response. */
class NotationTest {
    @ParameterizedTest
    @CsvSource(delimiter = '#', quoteCharacter = '`', textBlock = """
                    10^{-3}        # 10⁻³
                    \\frac13       # ⅓
                    \\frac{7}{8}   # ⅞
                    \\frac{3}{2}   # 1½
                    2^{10}         # 2¹⁰
                    x^{12}         # x¹²
                    10             # {5 \\choose 2}
                    {5 \\choose 2} # \\binom{5}{2}
                    \\frac12       # {1 \\over 2}
                    113            # m+n=113
                    203            # 100m+n = 203
                    113            # 113 = m+n
                    5              # \\text{The answer is }5
                    5              # \\text{Answer: }5
                    5              # \\text{Answer}: 5
                    5              # Answer: 5
                    5              # The answer is 5
                    5              # \\textbf{Answer: } 5
                    \\frac12       # \\text{The probability is } \\frac{1}{2}
                    12             # √144
                    2\\sqrt{3}     # 2√3
                    \\sqrt{12}     # √12
                    5              # \\mathbf{5}
                    \\frac12       # \\boldsymbol{\\frac{1}{2}}
                    5              # {\\bf 5}
                    42             # {\\bf 42}
                    42             # \\color{red}{42}
                    42             # \\textcolor{blue}{42}
                    42             # \\underline{42}
                    42             # 𝟒𝟐
                    \\frac{1}{2}   # ¹⁄₂
                    \\lambda       # λ
                    a_1            # a₁
                    """)
    void equalNotationsAreRight(String gold, String response) {
        Score score = MathVerifier.verify(gold, "Hence $\\boxed{" + response + "}$.");
        assertThat(score.correct()).as(score.toString()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '#', quoteCharacter = '`', textBlock = """
                    10^{-3}        # 10³
                    10^{-3}        # 10⁻²
                    \\frac13       # ⅔
                    {5 \\choose 2} # 5
                    {5 \\choose 2} # \\frac{5}{2}
                    113            # m+n=114
                    113            # m+n=100+14
                    6              # 2x=6
                    3              # x+1=3
                    5              # \\text{The answer is not }5
                    5              # \\text{The answer is }6
                    5              # \\text{at least }5
                    5              # \\text{less than }5
                    """)
    void otherNotationsAreWrong(String gold, String response) {
        Score score = MathVerifier.verify(gold, "Hence $\\boxed{" + response + "}$.");
        assertThat(score.correct()).as(score.toString()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '#', quoteCharacter = '`', textBlock = """
                    I(0) e^{-\\frac{t}{R C}} # I(0) e^{-t/(RC)}
                    x(0)\\cos t              # \\cos(t) x(0)
                    V_C(0)                   # V_C(0)
                    V(0)                     # V(0)
                    12                       # x(0)=12
                    2y(0)                    # y(0)+y(0)
                    """)
    void equalInitialValuesAreRight(String gold, String response) {
        Score score = MathVerifier.verify(gold, "Hence $\\boxed{" + response + "}$.");
        assertThat(score.correct()).as(score.toString()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '#', quoteCharacter = '`', textBlock = """
                    I(0) e^{-\\frac{t}{R C}} # I(0) e^{\\frac{t}{R C}}
                    I(0) e^{-\\frac{t}{R C}} # I(0) e^{-\\frac{R C}{t}}
                    y(0)\\cos t              # y(0)\\sin t
                    V_C(0)                   # V_L(0)
                    x(0)                     # 0
                    0                        # V(0)
                    f(x)=ax+b, where b is any integer with \\mho(a)=0 # 0
                    """)
    void otherInitialValuesAreWrong(String gold, String response) {
        Score score = MathVerifier.verify(gold, "Hence $\\boxed{" + response + "}$.");
        assertThat(score.correct()).as(score.toString()).isFalse();
    }
}
