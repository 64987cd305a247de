package dev.upbeat.task.zebra;

import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.series.RandomStream;
import dev.upbeat.task.zebra.PuzzleGenerator.Generated;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PuzzleGeneratorTest {
    @Test
    void generatedPuzzlesNeedEveryClueForOneSolution() {
        SplittableRandom random = RandomStream.of(5);
        Set<ClueKind> kinds = EnumSet.noneOf(ClueKind.class);
        for (int i = 0; i < 1_000; i++) {
            GridSize size = GridSize.all().get(i % 25);
            Generated drawn = PuzzleGenerator.draw(size, random, i % 2 == 0);
            ZebraPuzzle puzzle = drawn.puzzle();
            assertThat(puzzle.houses()).isEqualTo(size.houses());
            assertThat(puzzle.attributes()).hasSize(size.attributes());
            assertThat(GridSolver.of(puzzle).solutions(2))
                    .as("%s", puzzle.question())
                    .containsExactly(drawn.houseOf());
            for (Clue clue : puzzle.clues()) {
                List<Clue> others = new ArrayList<>(puzzle.clues());
                others.remove(clue);
                assertThat(GridSolver.of(new ZebraPuzzle(puzzle.attributes(), others))
                                .solutions(2))
                        .as("without \"%s\" of\n%s", puzzle.sentence(clue), puzzle.question())
                        .hasSize(2);
                kinds.add(clue.kind());
            }
        }
        assertThat(kinds).containsExactlyInAnyOrder(ClueKind.values());
    }

    @ParameterizedTest
    @ValueSource(strings = {"2x2", "2x5", "3x3", "3x4", "4x2", "4x3", "5x2"})
    void tryingEverythingFindsTheOneSolutionToo(String size) {
        SplittableRandom random = RandomStream.of(6);
        for (int i = 0; i < 20; i++) {
            Generated drawn = PuzzleGenerator.draw(GridSize.parse(size).get(0), random, false);
            ZebraPuzzle puzzle = drawn.puzzle();
            List<Integer> solution = Arrays.stream(drawn.houseOf()).boxed().toList();
            assertThat(NaiveZebra.solutions(puzzle.houses(), puzzle.attributes().size(), puzzle.clues()))
                    .containsExactly(solution);
        }
    }

    @Test
    void aWrittenQuestionIsReadBackAsTheSamePuzzle() {
        SplittableRandom random = RandomStream.of(7);
        for (int i = 0; i < 500; i++) {
            ZebraPuzzle puzzle = PuzzleGenerator.draw(GridSize.all().get(i % 25), random, false)
                    .puzzle();
            assertThat(QuestionReader.read("r", puzzle.question())).isEqualTo(puzzle);
        }
    }

    @Test
    void theSameStreamGivesTheSamePuzzles() {
        GridSize size = new GridSize(5, 5);
        SplittableRandom random = RandomStream.of(8);
        SplittableRandom again = RandomStream.of(8);
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            String question = PuzzleGenerator.draw(size, random, false).puzzle().question();
            assertThat(PuzzleGenerator.draw(size, again, false).puzzle().question())
                    .isEqualTo(question);
            assertThat(seen.add(question)).isTrue();
        }
    }

    @Test
    void oneSolutionInSixteenIsHeldOutInAnyAttributeOrder() {
        SplittableRandom random = RandomStream.of(9);
        int heldOut = 0;
        for (int i = 0; i < 4_000; i++) {
            String name = "n" + random.nextInt(1_000_000);
            Grid grid = new Grid(List.of("Name", "Pet"), List.of(List.of(name, "cat"), List.of("Bob", "dog")));
            Grid turned = new Grid(List.of("Pet", "Name"), List.of(List.of("cat", name), List.of("dog", "Bob")));
            assertThat(PuzzleGenerator.heldOut(turned)).isEqualTo(PuzzleGenerator.heldOut(grid));
            heldOut += PuzzleGenerator.heldOut(grid) ? 1 : 0;
        }
        assertThat(heldOut).isBetween(190, 310); // 250, five standard deviations of 15 and some
    }

    @Test
    void testPuzzlesAreDrawnFromHeldOutSolutionsAlone() {
        SplittableRandom random = RandomStream.of(10);
        for (int i = 0; i < 200; i++) {
            boolean test = i % 2 == 0;
            Generated drawn = PuzzleGenerator.draw(GridSize.all().get(i % 25), random, test);
            assertThat(PuzzleGenerator.heldOut(drawn.solution())).isEqualTo(test);
        }
    }
}
