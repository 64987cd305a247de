package dev.upbeat.task.math;

import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.trace.Score;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Roots and logarithms of variables. Of each line the first is the gold, the second the response. */
class PositiveVariablesTest {
    @ParameterizedTest
    @CsvSource(delimiter = '#', quoteCharacter = '`', textBlock = """
                    \\sqrt{4 \\pi G \\rho r^2}           # 2r\\sqrt{\\pi G\\rho}
                    \\ln\\frac ab                        # \\ln a-\\ln b
                    \\ln(ab)                             # \\ln a+\\ln b
                    \\log_2(x^3)                         # 3\\log_2 x
                    \\sqrt{x^2 y}                        # x\\sqrt{y}
                    \\sqrt{\\frac{a}{b}}                 # \\frac{\\sqrt a}{\\sqrt b}
                    \\sqrt{\\frac{2 G M}{r}}             # \\left(\\frac{2GM}{r}\\right)^{1/2}
                    \\frac{1}{2\\pi}\\sqrt{\\frac{k}{m}} # \\frac{\\sqrt{k}}{2\\pi\\sqrt{m}}
                    \\sqrt[3]{a^3 b}                     # a\\sqrt[3]{b}
                    (x^2)^{3/2}                          # x^3
                    \\ln x^2                             # 2\\ln x
                    T = 2\\pi\\sqrt{\\frac{L}{g}}        # \\frac{2\\pi\\sqrt{L}}{\\sqrt{g}}
                    \\sqrt{2gh}                          # \\sqrt{2}\\sqrt{g}\\sqrt{h}
                    10x \\sqrt{21x}                      # 10\\sqrt{21}x^{3/2}
                    \\log\\frac{x}{y^2}                  # \\log x - 2\\log y
                    |x|                                  # \\sqrt{x^2}
                    \\ln(x^2)                            # 2\\ln|x|
                    2\\ln(x-5)                           # \\ln((x-5)^2)
                    """)
    void equalRootsAndLogarithmsAreRight(String gold, String response) {
        Score score = MathVerifier.verify(gold, "Hence $\\boxed{" + response + "}$.");
        assertThat(score.correct()).as(score.toString()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '#', quoteCharacter = '`', textBlock = """
                    \\sqrt{4 \\pi G \\rho r^2} # 4r\\sqrt{\\pi G\\rho}
                    \\ln\\frac ab              # \\ln a+\\ln b
                    \\ln\\frac ab              # \\frac{\\ln a}{\\ln b}
                    \\sqrt{a^2+b^2}            # a+b
                    \\sqrt{ab}                 # \\sqrt{a}+\\sqrt{b}
                    |x|                        # x
                    \\ln|x|                    # \\ln x
                    x                          # |x|
                    x                          # \\sqrt{x^2}
                    \\sqrt{(a-b)^2}            # a-b
                    \\log_2(x^3)               # 2\\log_2 x
                    \\log_2(x^3)               # (\\log_2 x)^3
                    2\\pi\\sqrt{\\frac{m}{k}}  # 2\\pi\\sqrt{\\frac{k}{m}}
                    \\sqrt{x^2-1}              # x-1
                    \\ln(x+1)                  # \\ln x+\\ln 1
                    \\sqrt{x}                  # -\\sqrt{x}
                    """)
    void otherRootsAndLogarithmsAreWrong(String gold, String response) {
        Score score = MathVerifier.verify(gold, "Hence $\\boxed{" + response + "}$.");
        assertThat(score.correct()).as(score.toString()).isFalse();
    }
}
