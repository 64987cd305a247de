package dev.upbeat.task.math;

import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.trace.Score;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Forms of all kinds that are near those of the other tests. Of each line the first is the gold, the second the response. */
class FurtherFormsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '#', quoteCharacter = '`', textBlock = """
                    12.5                     # 12{,}5
                    4,5,6                    # 6,5,4
                    0.5                      # 0,5
                    2,75\\text{ m}           # 2,75\\text{ m}
                    0.\\overline{09}         # \\frac{1}{11}
                    2.\\overline{3}          # \\frac73
                    0.\\overline{72}         # 0.72\\overline{72}
                    0.\\overline{27}         # 0.\\overline{27}
                    0.2\\overline{7}         # \\frac{5}{18}
                    \\frac{5}{18}            # 0.2\\bar{7}
                    0.8\\dot{3}              # \\frac56
                    \\frac{2}{3}             # 0.\\overline{6}
                    16.\\overline{6}\\%      # \\frac{1}{6}
                    \\$3.\\overline{3}       # \\frac{10}{3}
                    3:05                     # 3:05 \\text{ PM}
                    3:05 PM                  # 15:05
                    12:15 AM                 # 0:15
                    8:00 a.m.                # 8\\text{ AM}
                    5:6                      # 10:12
                    1:4                      # 0.25
                    9:24                     # 9:24
                    3:1                      # 3 : 1
                    3:5                      # 3\\text{ to }5
                    2:3:4                    # 4:6:8
                    \\text{10:30 AM}         # 10:30 AM
                    2:15                     # t = 2:15
                    C                        # \\boxed{C}
                    C                        # \\text{Choice (C)}
                    C                        # \\mathbf{(C)}\\ \\frac{12}{5}
                    C                        # \\text{C) 12}
                    C                        # C.\\ 12
                    C                        # C:\\ 12
                    C                        # \\textbf{C. }12
                    C                        # \\text{Answer: C}
                    \\frac{v^2}{g}           # \\frac{v^2}{g}
                    \\sqrt{\\frac{3 k T}{m}} # \\sqrt{3}\\sqrt{\\frac{kT}{m}}
                    \\frac{1}{\\sqrt{LC}}    # \\frac{1}{\\sqrt{L}\\sqrt{C}}
                    \\frac{1}{\\sqrt{LC}}    # (LC)^{-1/2}
                    k T \\ln\\frac{V_2}{V_1} # kT(\\ln V_2-\\ln V_1)
                    -\\ln x                  # \\ln\\frac{1}{x}
                    \\frac{1}{2}\\ln x       # \\ln\\sqrt{x}
                    \\log_{10}(100x)         # 2+\\log_{10} x
                    \\sqrt{x^4y^6}           # x^2y^3
                    e^{2\\ln x}              # x^2
                    a^{1/2}b^{1/2}           # \\sqrt{ab}
                    \\sqrt{\\frac{a}{b^2}}   # \\frac{\\sqrt{a}}{b}
                    9.8                      # 9.8~\\mathrm{m}\\cdot\\mathrm{s}^{-2}
                    9.8                      # 9.8\\ \\text{m/s}^{2}
                    9.8                      # 9.8\\;\\frac{\\mathrm{m}}{\\mathrm{s^2}}
                    6.67\\times10^{-11}      # 6.67 \\times 10^{-11}\\ \\mathrm{N\\,m^2\\,kg^{-2}}
                    100                      # 100 \\mathrm{~J} / \\mathrm{mol} \\cdot \\mathrm{K}
                    5                        # 5\\tfrac{\\text{km}}{\\text{h}}
                    3                        # 3\\ \\mathrm{eV}
                    3 \\mathrm{eV}           # 3
                    15\\text{ kg m/s}^2      # 15\\ \\mathrm{m\\,kg\\,s^{-2}}
                    50                       # 50\\text{ miles per hour}
                    50\\text{ mph}           # 50
                    12                       # 12\\text{ in}^2
                    12                       # 12\\ \\text{units}^2
                    12                       # 12~\\text{square units}
                    36                       # 36\\pi/\\pi
                    2                        # 2~
                    1.6                      # 1.6 \\text{ cm}
                    2 \\text{ euros}         # 2
                    \\frac{270}7\\text{ degrees} # \\frac{270}{7}^\\circ
                    \\frac{270}7\\text{ degrees} # \\frac{270}{7}
                    5.4 \\text{ cents}       # 5.4
                    \\frac{8}{15}            # ⁸⁄₁₅
                    5\\frac{1}{3}            # 5⅓
                    x^{-2}                   # x⁻²
                    2^{n+1}                  # 2ⁿ⁺¹
                    6.02\\times10^{23}       # 6.02×10²³
                    H_2O                     # H₂O
                    -5                       # −5
                    \\sqrt[3]{2}             # ∛2
                    \\pi/2                   # π∕2
                    \\frac{a}{b}             # {a \\over b}
                    {n \\choose 2}           # \\frac{n(n-1)}{2}
                    10                       # \\binom{5}{3}
                    113                      # m + n = 113
                    113                      # a+b+c = 113
                    113                      # m+n = 100 + 13 = 113
                    25                       # p^2+q^2=25
                    12                       # AB \\cdot CD = 12
                    5                        # \\text{Final Answer: } 5
                    5                        # \\textbf{The answer is 5}
                    5                        # \\text{The final answer is } \\boxed{5}
                    5                        # \\text{Total} = 5
                    5                        # \\text{So, the answer is: } 5
                    (3,4)                    # \\text{The point is }(3,4)
                    \\frac{1}{2}mv^2         # \\frac12 m v^2
                    \\frac12 mv^2            # 0.5mv^2
                    2ma                      # 2 a m
                    3 g/L                    # \\frac{3g}{L}
                    2 k/m                    # \\frac{2k}{m}
                    2\\pi mn                 # 2\\pi nm
                    mgh                      # mgh
                    5pa                      # 5ap
                    2\\mathrm{i}             # 2i
                    3\\mathrm{e}^2           # 3e^2
                    x \\text{ if } x>0       # x \\text{ if } x>0
                    15                       # 15 m/s
                    15                       # 15 km/h
                    2 kn                     # 2nk
                    \\frac{mv}{qB}           # \\frac{m v}{B q}
                    5x \\text{ and } 3       # 3, 5x
                    \\frac{a}{b}\\text{ cm}  # \\frac{a}{b}
                    2.5 \\text{ mV}          # 2.5
                    3x+2y=5                  # 6x+4y=10
                    12 a.m.                  # 12 \\text{ AM}
                    3am                      # 3ma
                    12                       # 12 \\text{ m}^3
                    """)
    void equalBoxedAnswersAreRight(String gold, String response) {
        Score score = MathVerifier.verify(gold, "Hence $\\boxed{" + response + "}$.");
        assertThat(score.correct()).as(score.toString()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '#', quoteCharacter = '`', textBlock = """
                    1,3                      # The answers are $1$ and $3$.
                    1,3                      # So x = 1 or x = 3, hence $\\boxed{1}$ and $\\boxed{3}$.
                    \\frac{1}{3}             # The answer is $0.\\overline{3}$.
                    \\frac{1}{3}             # The answer is 0.333...
                    \\frac{1}{3}             # So we get 0.(3)
                    B                        # The final answer is $\\boxed{\\text{(B)}}$
                    B                        # $\\boxed{\\textbf{(B)}~\\frac{3}{4}}$
                    B                        # I believe B is the best option.
                    B                        # Answer: (B) because I checked it.
                    D                        # (A) and (B) are impossible, (C) is too small, so the answer must be (D).
                    E                        # None of A, B, C, D works, therefore E.
                    D                        # After eliminating A, B, and C, we are left with D.
                    C                        # The answer would be C, as shown above.
                    C                        # My choice: C
                    C                        # I'd go with C.
                    C                        # I will select option C.
                    """)
    void equalAnswersInProseAreRight(String gold, String response) {
        Score score = MathVerifier.verify(gold, response);
        assertThat(score.correct()).as(score.toString()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '#', quoteCharacter = '`', textBlock = """
                    12,9                     # 12.9
                    12,9                     # 129
                    129                      # 12,9
                    125                      # 12,5
                    2,3                      # \\frac{23}{10}
                    2,3                      # 2.30
                    -1,1                     # -1.1
                    0,1                      # 0.1
                    0.1                      # (0,1)
                    4,5,6                    # 4.56
                    1,3                      # 13
                    13                       # 1,3
                    7,4                      # x = 7.4
                    7,4                      # 7.4\\text{ cm}
                    7,4                      # 7.4\\%
                    3.14                     # 3,15
                    0.\\overline{72}         # \\frac{18}{25}
                    0.72                     # 0.\\overline{72}
                    0.\\overline{72}         # 0.72
                    0.\\overline{27}         # 0.2\\overline{7}
                    0.8\\dot{3}              # 0.83
                    12:45                    # 4:15
                    1:30                     # 3:60
                    3:05 PM                  # 03:05 AM
                    12:15 AM                 # 12:15 PM
                    9:24                     # 3:08
                    3:1                      # 1:3
                    2:3:4                    # 4:6:9
                    2:15                     # t = 4:30
                    C                        # \\text{not C}
                    C                        # \\text{A or C}
                    C                        # A, B, C
                    C                        # AC
                    C                        # \\text{(A) } C
                    \\frac{1}{\\sqrt{LC}}    # \\sqrt{LC}
                    \\sqrt{\\frac{a}{b^2}}   # \\frac{a}{b}
                    \\sqrt{a+b}              # \\sqrt{a}+\\sqrt{b}
                    \\ln(a+b)                # \\ln a+\\ln b
                    \\sqrt{x^2+4}            # x+2
                    \\sqrt{x^2}              # -x
                    x^2                      # |x|^3
                    3 \\mathrm{~keV}         # 3 \\mathrm{~eV}
                    15\\text{ m/s}           # 15\\text{ s/m}
                    15\\text{ ft}            # 15\\text{ in}
                    5\\frac{1}{3}            # \\frac{5}{3}
                    10                       # {5 \\choose 1}
                    113                      # m=113, n=2
                    7                        # m+n = 8
                    3                        # 2x = 3
                    5                        # \\text{The answer isn't }5
                    5                        # \\text{The answer is never } 5
                    5                        # \\text{greater than }5
                    \\frac12 mv^2            # \\frac12
                    3                        # 3 g/L
                    6                        # 6 k/m
                    2.5 \\text{ mV}          # 2.5 \\text{ V}
                    x+y=3                    # 3
                    5                        # 5 p.m.
                    """)
    void otherBoxedAnswersAreWrong(String gold, String response) {
        Score score = MathVerifier.verify(gold, "Hence $\\boxed{" + response + "}$.");
        assertThat(score.correct()).as(score.toString()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '#', quoteCharacter = '`', textBlock = """
                    1,3                      # The answer is 1.3.
                    3                        # So we get 0.(3)
                    I                        # Answer: I do not know
                    A                        # The answer is a number.
                    A                        # A: I cannot tell.
                    C                        # (A) and (B) are impossible, (C) is too small, so the answer must be (D).
                    C                        # The answer can't be C.
                    C                        # Answer: A, C
                    C                        # Both B and C.
                    A                        # This is a hard question. A B C D E
                    B                        # We have AB = 5 and B is the midpoint.
                    """)
    void otherAnswersInProseAreWrong(String gold, String response) {
        Score score = MathVerifier.verify(gold, response);
        assertThat(score.correct()).as(score.toString()).isFalse();
    }
}
