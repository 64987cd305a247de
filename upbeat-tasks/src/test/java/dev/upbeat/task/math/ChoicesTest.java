package dev.upbeat.task.math;

import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.trace.Score;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Letters of multiple choice as competitions and reasoning models write them. Of each line the first is the gold, the second the response. */
class ChoicesTest {
    @ParameterizedTest
    @CsvSource(delimiter = '#', quoteCharacter = '`', textBlock = """
                    C                  # \\textbf{(C)}\\ 12
                    B                  # \\textbf{(B)}\\ -5
                    B                  # \\textbf{(B) } -\\frac{1}{2}
                    B                  # \\mathrm{(B)}~{-\\sqrt{3}}
                    B                  # (\\text{B})~-5
                    B                  # \\text{(B)} <5
                    \\textbf{(B)}\\ -5 # B
                    C                  # \\text{(C) } 12
                    C                  # \\text{Option C}
                    C                  # \\textbf{(C) }\\frac{1}{2}
                    C                  # \\mathbf{C}
                    C                  # \\mathrm{(C)}\\,12
                    C                  # \\text{C. } 12
                    C                  # C) 12
                    C                  # C
                    C                  # \\text{The answer is C}
                    C                  # (C)~12
                    C                  # \\textbf{C}
                    C                  # \\text{(C)}
                    C                  # (c)
                    (C) 12             # 12
                    \\textbf{(C)}\\ 12 # C
                    27                 # \\textbf{(E)}\\ 27
                    27                 # (E) 27
                    \\frac12           # \\textbf{(B) } \\frac{1}{2}
                    \\text{(C)}        # \\textbf{(C)}
                    """)
    void equalChoiceLettersAreRight(String gold, String response) {
        Score score = MathVerifier.verify(gold, "Hence $\\boxed{" + response + "}$.");
        assertThat(score.correct()).as(score.toString()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '#', quoteCharacter = '`', textBlock = """
                    C # I choose (C).
                    C # A and B are wrong. So C.
                    C # The correct choice is **C**.
                    C # The correct choice is **(C)**, since 2 > 1.
                    C # Thus the answer is $\\textbf{(C)}\\ 12$.
                    C # Therefore, the answer is $\\boxed{\\textbf{(C)}\\ 12}$.
                    C # C is the right answer.
                    C # Option C is correct.
                    C # I think it is C.
                    C # So we pick C.
                    C # Hence (C).
                    C # Therefore, C.
                    C # **Answer: C**
                    C # **C**
                    C # Answer: C
                    C # The answer is C) 12
                    C # The sum is 12, which is choice $\\textbf{(C)}$.
                    C # We get 12.⏎⏎$\\textbf{(C) } 12$
                    C # <think>maybe B</think>⏎⏎The correct option is **C: 12**.
                    B # A good choice is to use symmetry, so the answer is B.
                    D # Eliminating A, B and C, only D remains. The answer is (D).
                    B # B. It can't be A.
                    B # B because it is larger
                    B # The answer is B, and C is wrong.
                    E # The best answer is E
                    A # The answer is A.
                    A # The correct answer is A because it is small.
                    A # I choose A.
                    D # It must be D.
                    B # Final answer: (B) 17
                    B # The answer is therefore option B
                    B # The answer is option D? No, it is B.
                    """)
    void equalChoiceLettersInProseAreRight(String gold, String response) {
        Score score = MathVerifier.verify(gold, response.replace('⏎', '\n'));
        assertThat(score.correct()).as(score.toString()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '#', quoteCharacter = '`', textBlock = """
                    B  # B, C
                    B  # \\text{B and C}
                    B  # \\text{(B) or (C)}
                    C  # \\textbf{(B)}\\ 12
                    C  # \\text{Option D}
                    C  # C+1
                    C  # C-1
                    C  # \\text{(C)} - \\text{(D)}
                    C  # \\textbf{(B)}\\ -5
                    C  # C = 5
                    C  # 12
                    27 # \\textbf{(E)}\\ 28
                    12 # (C)
                    """)
    void otherChoiceLettersAreWrong(String gold, String response) {
        Score score = MathVerifier.verify(gold, "Hence $\\boxed{" + response + "}$.");
        assertThat(score.correct()).as(score.toString()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '#', quoteCharacter = '`', textBlock = """
                    A # I choose (C).
                    I # I choose (C).
                    A # A and B are wrong. So C.
                    B # A and B are wrong. So C.
                    C # The answer is not C.
                    C # It can't be C.
                    C # C is incorrect.
                    C # The answer is B or C.
                    C # Options B and C are both correct.
                    A # A triangle has three sides.
                    A # The answer is a triangle. A square is no triangle
                    I # I think the result holds.
                    A # I have no idea.
                    A # A good choice is to use symmetry, so the answer is B.
                    C # The answer is B, and C is wrong.
                    C # Let C be the point on AB. Then angle C = 30.
                    B # The length of side B is 5. So 5.
                    E # We have E = mc^2
                    B # The answer is therefore option D, not B
                    D # The answer is option D? No, it is B.
                    """)
    void otherChoiceLettersInProseAreWrong(String gold, String response) {
        Score score = MathVerifier.verify(gold, response.replace('⏎', '\n'));
        assertThat(score.correct()).as(score.toString()).isFalse();
    }
}
