package dev.upbeat.task.math;

import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.trace.Score;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Answers of our own in the forms of the benchmarks. Of each line the first is the gold, the second the response. */
class MathVerifierTest {
    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', textBlock = """
                    1234567        ~ 1,234,567
                    1234567        ~ 1{,}234{,}567
                    12345          ~ 12,\\!345
                    12345          ~ \\$12{,}345.00
                    0.5            ~ .5
                    3/4            ~ 0.75
                    \\frac34       ~ \\dfrac{3}{4}
                    \\frac{3}{4}   ~ 3/4
                    -\\frac{3}{4}  ~ \\frac{-3}{4}
                    -\\frac{3}{4}  ~ \\frac{3}{-4}
                    \\frac{7}{2}   ~ 3\\frac{1}{2}
                    \\frac{7}{2}   ~ 3 1/2
                    \\frac{\\sqrt{2}}{2} ~ \\frac{1}{\\sqrt{2}}
                    3\\sqrt{5}     ~ \\sqrt{45}
                    \\sqrt[3]{16}  ~ 2\\sqrt[3]{2}
                    \\sqrt{3+2\\sqrt{2}} ~ 1+\\sqrt{2}
                    2\\pi          ~ 2π
                    \\frac{\\pi}{3} ~ \\pi/3
                    6.25\\times 10^3 ~ 6250
                    6.25e-3        ~ 0.00625
                    2^{10}         ~ 1024
                    5!             ~ 120
                    \\binom{6}{2}  ~ 15
                    \\log_2 32     ~ 5
                    e^{\\ln 7}     ~ 7
                    \\sin 30^\\circ ~ \\frac12
                    |3-8|          ~ 5
                    45^\\circ      ~ 45
                    45             ~ 45^{\\circ}
                    45^\\circ      ~ \\frac{\\pi}{4}
                    30\\%          ~ 30
                    30\\%          ~ 0.3
                    0.3            ~ 30\\%
                    30             ~ 30\\%
                    12             ~ 12 \\text{ apples}
                    12\\text{ cm}  ~ 12
                    12\\text{ cm}^2 ~ 12 square centimeters
                    12\\text{ m}   ~ 12\\text{ meters}
                    \\$7.50        ~ 7.5
                    7.5            ~ 7.50 dollars
                    (3,-2)         ~ \\left( 3, -2 \\right)
                    (3,\\frac12)   ~ (3, 0.5)
                    (3,4)          ~ (x,y)=(3,4)
                    (3,4,5)        ~ \\langle 3,4,5 \\rangle
                    \\begin{pmatrix} 3 \\\\ 4 \\end{pmatrix} ~ \\begin{bmatrix}3\\\\4\\end{bmatrix}
                    \\begin{pmatrix} 3 \\\\ 4 \\end{pmatrix} ~ (3,4)
                    2,3            ~ 3, 2
                    2,3            ~ 3 \\text{ and } 2
                    2,3            ~ x = 3 \\text{ or } x = 2
                    2,3            ~ \\{2,3\\}
                    \\{2,3\\}      ~ \\{3,2,2\\}
                    \\pm 3         ~ 3,-3
                    2 \\pm \\sqrt{3} ~ 2+\\sqrt{3}, 2-\\sqrt{3}
                    (1,2),(3,4)    ~ (3,4),(1,2)
                    [2,5)          ~ 2 \\le x < 5
                    [2,5)          ~ x \\in [2,5)
                    (-\\infty,2)   ~ x<2
                    (-\\infty,-2)\\cup(2,\\infty) ~ |x| > 2
                    (-\\infty,-2)\\cup(2,\\infty) ~ x<-2 \\text{ or } x>2
                    [0,3]          ~ [0,1] \\cup [1,3]
                    x \\ge 4       ~ 4 \\le x
                    x=7            ~ 7
                    7              ~ n = 7
                    y=3x-2         ~ 3x - y = 2
                    y=3x-2         ~ 3x-2
                    f(x)=x^2       ~ x^2
                    x^2-9          ~ (x-3)(x+3)
                    (a+b)^3        ~ a^3+3a^2b+3ab^2+b^3
                    \\frac{x^2-1}{x-1} ~ x+1
                    \\sin^2 t      ~ 1-\\cos^2 t
                    \\sin 2t       ~ 2\\sin t\\cos t
                    2^{n+1}        ~ 2\\cdot 2^n
                    \\frac{n!}{(n-2)!} ~ n(n-1)
                    3+4i           ~ 4i+3
                    i^2            ~ -1
                    52_8           ~ 52_{8}
                    52_8           ~ 52_{\\text{8}}
                    52_8           ~ 52 \\text{ base } 8
                    \\text{(B)}    ~ B
                    B              ~ \\textbf{(B)}
                    B              ~ (B) 17
                    \\text{east}   ~ East
                    \\text{Ann}    ~ Ann
                    3:4            ~ 6:8
                    a_1=3, a_2=5   ~ a_2=5, a_1=3
                    42             ~ \\text{42}
                    42             ~ \\boxed{42}
                    (-\\infty, \\infty) ~ \\mathbb{R}
                    y=x^2          ~ f(x)=x^2
                    """)
    void equalAnswersAreRight(String gold, String response) {
        Score score = MathVerifier.verify(gold, "Hence $\\boxed{" + response + "}$.");
        assertThat(score.correct()).as(score.toString()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', textBlock = """
                    12345          ~ 12, 345
                    0.5            ~ 0.51
                    3/4            ~ 4/3
                    \\frac{7}{2}   ~ 3\\frac{1}{3}
                    \\frac{7}{2}   ~ \\frac{31}{2}
                    3\\sqrt{5}     ~ 3\\sqrt{6}
                    \\pi           ~ 3.14
                    \\pi           ~ \\frac{22}{7}
                    \\sqrt{2}      ~ 1.5
                    16.25          ~ 16.26
                    45^\\circ      ~ 46^\\circ
                    30\\%          ~ 31\\%
                    30\\%          ~ 3
                    12\\text{ cm}  ~ 12\\text{ m}
                    12\\text{ cm}  ~ 12\\text{ cm}^2
                    (3,-2)         ~ (-2,3)
                    (3,4)          ~ [3,4]
                    \\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix} ~ \\begin{pmatrix} 1 & 3 \\\\ 2 & 4 \\end{pmatrix}
                    2,3            ~ 2
                    2              ~ 2,3
                    2,3            ~ 2,4
                    \\{2,3\\}      ~ \\{2,3,4\\}
                    \\pm 3         ~ 3
                    [2,5)          ~ (2,5)
                    [2,5)          ~ 2 \\le x \\le 5
                    (-\\infty,2)   ~ x>2
                    x \\ge 4       ~ x > 4
                    x \\ge 4       ~ x \\le 4
                    y=3x-2         ~ y=3x+2
                    y=3x-2         ~ 3x+2
                    x+y=3          ~ 3
                    x^2-9          ~ x^2+9
                    x^2            ~ x^3
                    2^n            ~ n^2
                    3+4i           ~ 3-4i
                    52_8           ~ 52_9
                    52_8           ~ 52
                    B              ~ C
                    B              ~ (C) 17
                    \\text{east}   ~ west
                    \\text{Ann}    ~ Nan
                    3:4            ~ 4:3
                    a_1=3, a_2=5   ~ a_1=5, a_2=3
                    5              ~ x
                    0              ~ x-x+1
                    1              ~ \\frac{1}{0}
                    """)
    void otherAnswersAreWrong(String gold, String response) {
        Score score = MathVerifier.verify(gold, "Hence $\\boxed{" + response + "}$.");
        assertThat(score.correct()).as(score.toString()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', textBlock = """
                    First $\\boxed{1}$. No: $\\boxed{\\frac{3}{4}}$. I used 5 steps. ~ \\frac{3}{4} ~ \\boxed
                    So $\\boxed{2}$ and $\\boxed{3}$.                 ~ 2 , 3       ~ \\boxed
                    12 - 4 = 8 #### 8                                  ~ 8           ~ ####
                    It has 3 legs, so <answer>That is 9.</answer>      ~ 9           ~ <answer>
                    The answer is 17. I checked it with 3 methods.     ~ 17          ~ the answer is
                    **Final Answer:** $x^2$                            ~ $x^2$       ~ the answer is
                    She has 5 apples and 3 pears, which makes 8 fruits ~ 8           ~ the last formula or number
                    Adding 3 to $x$ we get $x+3$                       ~ x+3         ~ the last formula or number
                    They cost $5 and $10, $15 in all.                  ~ 15          ~ the last formula or number
                    \\frac{2}{3}                                       ~ \\frac{2}{3} ~ the whole response
                    <think>It is \\boxed{4}.</think> The answer is 6   ~ 6           ~ the answer is
                    """)
    void theAnswerIsLookedForInANamedOrder(String response, String answer, String source) {
        Extraction.Found found = Extraction.find(response);
        assertThat(found).isEqualTo(new Extraction.Found(answer, source));
    }

    @Test
    void anAnswerInsideUnfinishedThinkingDoesNotCount() {
        assertThat(MathVerifier.verify("4", "<think> so it is \\boxed{4}").parsed())
                .isNull();
        assertThat(MathVerifier.verify("4", "<think> \\boxed{4} </think> I do not know")
                        .correct())
                .isFalse();
    }

    @Test
    void aGoldMayBeAWholeSolution() {
        String gold = "Take 3 of 7, then 2. Therefore the sum is $\\boxed{\\frac{5}{7}}.$";
        assertThat(MathVerifier.verify(gold, "The answer is 5/7.").correct()).isTrue();
        assertThat(MathVerifier.verify(gold, "The answer is 3/7.").correct()).isFalse();
    }

    @Test
    void aRoundedNumberWithEnoughDigitsEqualsTheExactOne() {
        assertThat(MathVerifier.verify("\\frac{2}{3}", "0.6667").correct()).isTrue();
        assertThat(MathVerifier.verify("\\frac{2}{3}", "0.67").correct()).isFalse();
        assertThat(MathVerifier.verify("0.667", "\\frac{2}{3}").correct()).isTrue();
        assertThat(MathVerifier.verify("1.41", "1.4").correct()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', textBlock = """
                    B ~ I first thought A, but the correct answer is B
                    B ~ B. It can't be A.
                    B ~ The answer is (B), since A is too large
                    """)
    void aLetterIsReadFromProse(String gold, String response) {
        assertThat(MathVerifier.verify(gold, response).correct()).isTrue();
        assertThat(MathVerifier.verify("D", response).correct()).isFalse();
    }

    @Test
    void theReasonSaysWhatWasDecidedAndFromWhere() {
        assertThat(MathVerifier.verify("3", "\\boxed{4}").reason()).isEqualTo("another answer (\\boxed)");
        assertThat(MathVerifier.verify("3", "").reason()).isEqualTo("no answer found");
        assertThat(MathVerifier.verify("3", "\\boxed{3 3}").reason()).startsWith("undecided: ");
    }
}
