package dev.upbeat.task.zebra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.io.BadInputException;
import dev.upbeat.series.RandomStream;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuestionReaderTest {
    @Test
    void aQuestionWrittenByHandIsReadClueByClue() {
        ZebraPuzzle puzzle = QuestionReader.read("r", ZebraSamples.QUESTION);
        assertThat(puzzle.attributes()).extracting(Attribute::name).containsExactly("Name", "Food");
        // Eric, Peter, Arnold are 0 to 2, stir fry, stew, pizza 3 to 5
        assertThat(puzzle.clues())
                .containsExactly(
                        new Clue(ClueKind.DIRECTLY_LEFT, 0, 3),
                        new Clue(ClueKind.SOMEWHERE_LEFT, 3, 2),
                        new Clue(ClueKind.SAME_HOUSE, 0, 4));
        assertThat(puzzle.question()).isEqualTo(ZebraSamples.QUESTION);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '#',
            value = {
                "FOUND_AT        | 0 | 1 | Eric is in the second house.",
                "NOT_AT          | 5 | 2 | The person who is a pizza lover is not in the third house.",
                "SAME_HOUSE      | 5 | 0 | The person who is a pizza lover is Eric.",
                "SAME_HOUSE      | 0 | 5 | Eric is the person who is a pizza lover.",
                "SAME_HOUSE      | 0 | 5 | Eric is The person who is a pizza lover.",
                "UNLINKED        | 1 | 5 | Peter is not the person who is a pizza lover.",
                "DIRECTLY_LEFT   | 5 | 2 | The person who is a pizza lover is directly left of Arnold.",
                "DIRECTLY_RIGHT  | 2 | 4 | Arnold is directly right of the person who loves the stew.",
                "SOMEWHERE_LEFT  | 1 | 0 | Peter is somewhere to the left of Eric.",
                "SOMEWHERE_RIGHT | 1 | 3 | Peter is somewhere to the right of the person who loves stir fry.",
                "NEXT_TO         | 3 | 1 | The person who loves stir fry and Peter are next to each other.",
                "ONE_BETWEEN     | 0 | 4 | There is one house between Eric and the person who loves the stew.",
                "TWO_BETWEEN     | 0 | 1 | There are two houses between Eric and Peter."
            })
    void everyFormOfAClueIsRead(ClueKind kind, int first, int second, String sentence) {
        ZebraPuzzle puzzle = QuestionReader.read("r", ZebraSamples.QUESTION + "4. " + sentence + "\n");
        assertThat(puzzle.clues().get(3)).isEqualTo(new Clue(kind, first, second));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "4. Eric is either in the first or the second house.",
                "4. Bob is Eric.",
                "4. Eric is in the fourth house.",
                "4. Eric is somewhere left of Peter.",
                "4. Eric is in the first house",
                "Eric is in the first house.",
                "4. There are three houses between Eric and Peter.",
                "4. Eric is is Peter.",
                "Good luck!"
            })
    void unreadableLinesAreListed(String line) {
        assertThatThrownBy(() -> QuestionReader.read("row-9", ZebraSamples.QUESTION + line))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("row row-9: cannot read 1 of its lines")
                .hasMessageEndingWith("as answer: " + line);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '#',
            value = {
                "unique name          | unique nickname",
                "`Eric`, `Peter`      | `Eric`, `Pete`",
                "`Eric`, `Peter`      | `Eric`, `Eric`",
                "`Eric`, `Peter`      | `Eric`, `Bob`, `Peter`",
                "something unique     | something",
            })
    void attributesThatThePublishedPuzzlesLackAreListed(String known, String other) {
        assertThatThrownBy(() -> QuestionReader.read("r", ZebraSamples.QUESTION.replace(known, other)))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("cannot read")
                .hasMessageContaining(other);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2 + 2?",
                "## Clues:\n1. Eric is Eric.",
                "There are 7 houses, numbered 1 to 7 from left to right\n\n## Clues:\n",
                "There are 2 houses, numbered 1 to 3 from left to right\n\n## Clues:\n",
                "There are 2 houses, numbered 1 to 2 from left to right\n\n## Clues:\n"
            })
    void whatIsNoPuzzleIsRefusedByItsId(String question) {
        assertThatThrownBy(() -> QuestionReader.read("row-7", question))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("row row-7");
    }

    @Test
    void mutatedQuestionsAreReadOrRefusedAndNothingElse() {
        SplittableRandom random = RandomStream.of(11);
        for (int i = 0; i < 3_000; i++) {
            StringBuilder question = new StringBuilder(ZebraSamples.QUESTION);
            for (int edits = random.nextInt(4); edits >= 0; edits--) {
                int at = random.nextInt(question.length());
                if (random.nextBoolean()) {
                    question.delete(at, Math.min(question.length(), at + random.nextInt(30)));
                } else {
                    question.insert(at, question.substring(at, Math.min(question.length(), at + 40)));
                }
            }
            assertThatCode(() -> {
                        try {
                            GridSolver.of(QuestionReader.read("r", question.toString()))
                                    .solutions(2);
                        } catch (BadInputException e) {
                            assertThat(e).hasMessageContaining("row r");
                        }
                    })
                    .as("%s", question)
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void noTwoValuesAreSpokenOfAlike() {
        List<Attribute> all = Vocabulary.all();
        assertThat(all).hasSize(25).allMatch(attribute -> attribute.values().size() == 6);
        assertThat(all.get(0).name()).isEqualTo(Vocabulary.NAME);
        Set<String> phrases = new HashSet<>();
        Set<String> names = new HashSet<>();
        for (Attribute attribute : all) {
            assertThat(names.add(ComparableText.of(attribute.name()))).isTrue();
            assertThat(names.add(attribute.sentence())).isTrue();
            assertThat(attribute.values().stream().map(value -> ComparableText.of(value.word())))
                    .doesNotHaveDuplicates();
            attribute.values().forEach(value -> assertThat(
                            phrases.add(value.phrase().toLowerCase(Locale.ROOT)))
                    .as(value.phrase())
                    .isTrue());
        }
    }
}
