package dev.upbeat.study.perturbation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class ContentWordsTest {
    @Test
    void functionWordsPunctuationAndCaseAreIgnored() {
        assertThat(ContentWords.of("To determine how much Terry spends, we need to follow these STEPS:\n\n"))
                .containsExactlyInAnyOrder("determine", "terry", "spends", "follow", "steps");
    }

    @Test
    void numbersAreKeptAsTheyAreWritten() {
        assertThat(ContentWords.of("4 yogurts for $5.00, 1,000 in 2yogurts/day \u00d7 30."))
                .containsExactlyInAnyOrder("4", "yogurts", "5.00", "1000", "2", "day", "30");
    }

    @Test
    void apostrophesWithinWordsAreNothing() {
        assertThat(ContentWords.of("Terry's don\u2019t Won't 'quoted'")).containsExactlyInAnyOrder("terrys", "quoted");
    }

    @Test
    void lettersOfAllScriptsMakeWords() {
        assertThat(ContentWords.of("\u00c9cole \u6570\u5b66 \\frac{3}{4}"))
                .containsExactlyInAnyOrder("\u00e9cole", "\u6570\u5b66", "frac", "3", "4");
    }

    @Test
    void wordsBetweenWhiteSpaceAreAsWritten() {
        assertThat(Words.WHITESPACE.of(" The cat,\n the\tcat. 3.5"))
                .containsExactlyInAnyOrder("The", "cat,", "the", "cat.", "3.5");
        assertThat(Words.WHITESPACE.of(" ")).isEmpty();
        assertThat(Words.CONTENT.of("The cat, the")).containsExactly("cat");
    }

    @Test
    void jaccardIsTheShareOfCommonWords() {
        assertThat(ContentWords.jaccard(Set.of("a", "b", "c"), Set.of("b", "c", "d")))
                .isEqualTo(2 / 4.0);
        assertThat(ContentWords.jaccard(Set.of("a"), Set.of())).isZero();
        assertThat(ContentWords.jaccard(Set.of(), Set.of())).as("both empty").isEqualTo(1);
    }
}
