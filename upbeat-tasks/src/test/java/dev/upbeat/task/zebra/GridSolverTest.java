package dev.upbeat.task.zebra;

import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.series.RandomStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GridSolverTest {
    @ParameterizedTest
    @ValueSource(strings = {"2x2", "2x6", "3x2", "3x3", "4x2", "5x2", "6x1"})
    void theSolverAgreesWithExhaustiveSearch(String size) {
        int houses = size.charAt(0) - '0';
        int attributes = size.charAt(2) - '0';
        SplittableRandom random = RandomStream.of(3, houses, attributes);
        int solvable = 0;
        for (int round = 0; round < 100; round++) {
            List<Clue> clues = clues(random, houses, attributes, random.nextInt(8));
            List<List<Integer>> naive = NaiveZebra.solutions(houses, attributes, clues);
            solvable += naive.isEmpty() ? 0 : 1;
            List<List<Integer>> found = lists(new GridSolver(houses, attributes, clues).solutions(Integer.MAX_VALUE));
            assertThat(found).as("%s %s", size, clues).hasSameSizeAs(naive);
            assertThat(new HashSet<>(found)).as("%s %s", size, clues).isEqualTo(new HashSet<>(naive));
        }
        assertThat(solvable).as("puzzles with a solution").isBetween(10, 99);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2x3", "3x3", "4x2"})
    void aClueIsNeededWhereLeavingItOutAddsSolutions(String size) {
        int houses = size.charAt(0) - '0';
        int attributes = size.charAt(2) - '0';
        SplittableRandom random = RandomStream.of(4, houses, attributes);
        for (int round = 0; round < 100; round++) {
            List<Clue> clues = clues(random, houses, attributes, 1 + random.nextInt(6));
            int all = NaiveZebra.solutions(houses, attributes, clues).size();
            for (int i = 0; i < clues.size(); i++) {
                List<Clue> others = new ArrayList<>(clues);
                others.remove(i);
                int without = NaiveZebra.solutions(houses, attributes, others).size();
                assertThat(new GridSolver(houses, attributes, clues).isNeeded(i))
                        .as("clue %d of %s", i, clues)
                        .isEqualTo(without > all);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 100})
    void noMoreSolutionsAreLookedForThanAskedFor(int most) {
        // 3! * 3! assignments without any clue
        assertThat(new GridSolver(3, 2, List.of()).solutions(most)).hasSize(Math.min(most, 36));
    }

    private static List<Clue> clues(SplittableRandom random, int houses, int attributes, int count) {
        List<Clue> clues = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ClueKind kind = ClueKind.values()[random.nextInt(ClueKind.values().length)];
            int second = random.nextInt(kind.namesHouse() ? houses : houses * attributes);
            clues.add(new Clue(kind, random.nextInt(houses * attributes), second));
        }
        return clues;
    }

    private static List<List<Integer>> lists(List<int[]> solutions) {
        return solutions.stream()
                .map(solution -> Arrays.stream(solution).boxed().toList())
                .toList();
    }
}
