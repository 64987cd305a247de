package dev.upbeat.task.math;

import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.trace.Score;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Numbers inside answers in words. Of each line the first is the gold, the second the response. */
class WordsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '#', quoteCharacter = '`', textBlock = """
                    \\text{won by 1.5}         # \\text{won by 1.50}
                    \\text{over 1,000 dogs}    # \\text{over 1000 dogs}
                    \\text{x is less than 5.0} # \\text{x is less than 5}
                    \\text{Yes!}               # \\text{yes}
                    """)
    void equalNumbersInWordsAreRight(String gold, String response) {
        Score score = MathVerifier.verify(gold, "Hence $\\boxed{" + response + "}$.");
        assertThat(score.correct()).as(score.toString()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '#', quoteCharacter = '`', textBlock = """
                    won by 1.5                # won by 15
                    \\text{won by 1.5}        # \\text{won by 15}
                    \\text{rows 1 and 2}      # \\text{rows 12}
                    \\text{rows 1 2}          # \\text{rows 12}
                    \\text{between 0.5 and 1} # \\text{between 05 and 1}
                    \\text{between 3,5}       # \\text{between 35}
                    \\text{about .5 of them}  # \\text{about 5 of them}
                    \\text{team 5!}           # \\text{team 5}
                    """)
    void otherNumbersInWordsAreWrong(String gold, String response) {
        Score score = MathVerifier.verify(gold, "Hence $\\boxed{" + response + "}$.");
        assertThat(score.correct()).as(score.toString()).isFalse();
    }
}
