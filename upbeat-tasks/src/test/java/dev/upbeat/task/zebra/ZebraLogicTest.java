package dev.upbeat.task.zebra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.io.BadInputException;
import dev.upbeat.task.Problem;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ZebraLogicTest {
    private final ZebraLogic task = new ZebraLogic(new ZebraSettings(GridSize.parse("all"), 500, 100, 0));

    @Test
    void aStepsPromptsDependOnSeedAndStepAlone() {
        ZebraLogic other = new ZebraLogic(new ZebraSettings(GridSize.parse("all"), 500, 100, 0));
        assertThat(task.prompts(1, 5, 16)).isEqualTo(other.prompts(1, 5, 16));
        assertThat(task.prompts(1, 6, 16)).isNotEqualTo(task.prompts(1, 5, 16));
        assertThat(task.prompts(2, 5, 16)).isNotEqualTo(task.prompts(1, 5, 16));
        assertThat(task.test()).isEqualTo(other.test());
    }

    @Test
    void puzzlesOfASizeDoNotDependOnOtherSizes() {
        ZebraLogic alone = new ZebraLogic(new ZebraSettings(GridSize.parse("4x4"), 5, 4, 0));
        Set<Problem> training = new HashSet<>(task.prompts(0, 0, 500));
        assertThat(training).containsAll(alone.prompts(0, 0, 5));
        assertThat(task.test()).containsAll(alone.test());
    }

    @Test
    void sizesComeInTurnAndEveryIdOnce() {
        List<Problem> training = task.prompts(0, 0, 500);
        assertThat(training).extracting(Problem::id).doesNotHaveDuplicates();
        for (GridSize size : GridSize.all()) {
            assertThat(training)
                    .filteredOn(problem -> problem.id().startsWith("train-" + size + "-"))
                    .hasSize(20);
        }
        assertThat(task.test()).extracting(Problem::id).doesNotHaveDuplicates().contains("test-6x6-3");
    }

    @Test
    void noTestPuzzleHasTheSolutionOfAnother() {
        ZebraLogic small = new ZebraLogic(new ZebraSettings(GridSize.parse("2x2,2x3,3x2"), 3_000, 300, 0));
        Set<String> test = new HashSet<>();
        for (Problem problem : small.test()) {
            assertThat(test.add(problem.answer())).isTrue();
        }
        assertThat(small.prompts(0, 0, 3_000)).noneMatch(problem -> test.contains(problem.answer()));
    }

    @Test
    void tooManyTestPuzzlesAreRejected() {
        assertThatThrownBy(() -> new ZebraLogic(new ZebraSettings(GridSize.parse("2x2"), 1, 2_000, 0)).test())
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("test 2000")
                .hasMessageContaining("2x2");
    }

    @Test
    void aPuzzleIsAskedWithTheFormOfItsAnswer() {
        Problem problem = task.problem("r", ZebraSamples.QUESTION, ZebraSamples.SOLUTION);
        assertThat(asked(problem))
                .startsWith(ZebraSamples.QUESTION.strip())
                .contains("\"House 1\": {\"Name\": \"___\", \"Food\": \"___\"},")
                .contains("\"House 3\": {\"Name\": \"___\", \"Food\": \"___\"}\n}");
        assertThat(problem.text()).contains(asked(problem)).endsWith("\nAssistant: Let me solve this step by step.\n");
        assertThat(task.verify(problem, asked(problem)).parsed())
                .as("a repeated form is no answer")
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ZebraSamples.SOLUTION,
                "{\"solution\": " + ZebraSamples.SOLUTION + "}",
                "{\"header\": [\"House\", \"Name\", \"Food\"], \"rows\":"
                        + " [[\"1\", \"Eric\", \"stew\"], [\"2\", \"Peter\", \"stir fry\"], [\"3\", \"Arnold\", \"pizza\"]]}",
                "[{\"House\": 1, \"Name\": \"Eric\", \"Food\": \"stew\"}, {\"House\": 2, \"Name\": \"Peter\", \"Food\":"
                        + " \"stir fry\"}, {\"House\": 3, \"Name\": \"Arnold\", \"Food\": \"pizza\"}]"
            })
    void aRowsSolutionIsTakenInEveryPublishedForm(String answer) {
        assertThat(task.problem("r", ZebraSamples.QUESTION, answer))
                .isEqualTo(task.problem("r", ZebraSamples.QUESTION, ZebraSamples.SOLUTION));
    }

    @Test
    void aRowWithoutASolutionIsSolved() {
        assertThat(task.problem("r", ZebraSamples.QUESTION, null))
                .isEqualTo(task.problem("r", ZebraSamples.QUESTION, ZebraSamples.SOLUTION));
        Problem generated = task.test().get(24);
        String question = asked(generated).substring(0, asked(generated).indexOf("\n\nThink step by step"));
        assertThat(task.problem(generated.id(), question, null)).isEqualTo(generated);
    }

    @Test
    void aRowWithoutExactlyOneSolutionIsRejected() {
        assertThatThrownBy(() -> task.problem("r", ZebraSamples.QUESTION + "4. Eric is in the third house.\n", null))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("row r: its clues allow no solution");
        String less = ZebraSamples.QUESTION.lines().limit(7).reduce("", (a, b) -> a + b + "\n");
        assertThatThrownBy(() -> task.problem("r", less, null))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("more than one solution");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '#',
            value = {
                "42                                                                      | is not a grid",
                "not JSON                                                                | is not a grid",
                "{\"House 1\": {}}                                                       | is not a grid",
                "{\"House 2\": {\"Name\": \"Eric\"}}                                     | has the houses [2]",
                "{\"House 1\": {\"Name\": \"Eric\"}, \"House 3\": {\"Name\": \"Bob\"}}   | has the houses [1, 3]",
                "{\"House 1\": {\"Name\": \"Eric\"}, \"House 2\": {\"Pet\": \"dog\"}}    | gives House 2 no Name",
                "{\"House 1\": {\"Name\": \"Eric\"}, \"House 2\": {\"Name\": \"___\"}}   | gives House 2 no Name",
                "{\"House 1\": {\"Name\": \"Eric\"}, \"House 2\": {\"Name\": [\"Bob\"]}} | gives House 2 no Name",
                "{\"House 1\": {\"Name\": \"Eric\"}, \"House 2\": {\"Name\": \"eric \"}} | same Name in two houses",
            })
    void anIncompleteSolutionIsRejectedByRow(String answer, String fault) {
        assertThatThrownBy(() -> task.problem("row-7", "?", answer))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("row row-7")
                .hasMessageContaining(fault)
                .hasMessageContaining("expected");
    }

    @Test
    void settingsOutOfRangeAreRefusedWithTheRange() {
        List<GridSize> sizes = GridSize.parse("4x4");
        assertThatThrownBy(() -> new ZebraSettings(List.of(), 1, 1, 0)).hasMessageContaining("one or more");
        assertThatThrownBy(() -> new ZebraSettings(List.of(sizes.get(0), sizes.get(0)), 1, 1, 0))
                .hasMessageContaining("each once");
        assertThatThrownBy(() -> new ZebraSettings(sizes, 0, 1, 0)).hasMessageContaining("train 0");
        assertThatThrownBy(() -> new ZebraSettings(sizes, 1, 1_000_001, 0)).hasMessageContaining("test 1000001");
        assertThatThrownBy(() -> new ZebraSettings(sizes, 1, 1, 1)).hasMessageContaining("cell reward 1.0");
        assertThatThrownBy(() -> new ZebraSettings(sizes, 1, 1, Double.NaN)).hasMessageContaining("cell reward NaN");
    }

    @Test
    void sizesAreNamedSinglyOrByDifficulty() {
        assertThat(GridSize.parse("4x4, 5*6,4x4")).containsExactly(new GridSize(4, 4), new GridSize(5, 6));
        assertThat(GridSize.parse("all"))
                .hasSize(25)
                .startsWith(new GridSize(2, 2))
                .endsWith(new GridSize(6, 6));
        assertThat(GridSize.parse("small").toString()).isEqualTo("[2x2, 2x3, 2x4, 2x5, 2x6, 3x2, 3x3, 4x2]");
        assertThat(GridSize.parse("Medium").toString()).isEqualTo("[3x4, 3x5, 3x6, 4x3, 4x4, 5x2, 6x2]");
        assertThat(GridSize.parse("large").toString()).isEqualTo("[4x5, 4x6, 5x3, 5x4, 6x3]");
        assertThat(GridSize.parse("x-large").toString()).isEqualTo("[5x5, 5x6, 6x4, 6x5, 6x6]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1x2", "2x7", "4x4,", "huge", "4", "4x4x4", "-4x4"})
    void anythingElseIsNoSize(String names) {
        assertThatThrownBy(() -> GridSize.parse(names))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("expected sizes such as 4x4");
    }

    private static String asked(Problem problem) {
        return Objects.requireNonNull(problem.messages()).get(0).content();
    }
}
