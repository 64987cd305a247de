package dev.upbeat.task.countdown;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.upbeat.io.BadInputException;
import dev.upbeat.task.Problem;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class DemonstrationTest {
    private static final Pattern EQUATION = Pattern.compile("(\\d+) ([-+*/]) (\\d+) = (\\d+)");
    private static final Countdown SMALL = Countdown.inWords(new CountdownSettings(3, true, 100, 100), null);
    private static final List<Demonstration> SHOWN = LongStream.range(0, 2_000)
            .mapToObj(index -> Countdown.demonstration(3, index, false))
            .toList();

    @Test
    void demonstrationsAreRightWhenTheVerifierSaysSo() {
        for (Demonstration shown : SHOWN) {
            assertThat(SMALL.verify(shown.problem(), shown.afterConversation()).correct())
                    .as(shown.afterConversation())
                    .isEqualTo(shown.right());
            assertThat(shown.afterConversation()).isEqualTo("<think>" + shown.afterText());
        }
        assertThat(SHOWN.stream()
                        .mapToInt(shown -> shown.right() ? 1 : 0)
                        .average()
                        .orElseThrow())
                .isCloseTo(0.655, within(0.035));
    }

    @Test
    void everyEquationIsTrueAndOfSmallNumbers() {
        for (Demonstration shown : SHOWN) {
            List<MatchResult> found =
                    EQUATION.matcher(shown.afterText()).results().toList();
            assertThat(found).hasSizeBetween(2, 8);
            for (MatchResult equation : found) {
                int a = Integer.parseInt(equation.group(1));
                int b = Integer.parseInt(equation.group(3));
                int result =
                        switch (equation.group(2)) {
                            case "+" -> a + b;
                            case "-" -> a - b;
                            case "*" -> a * b;
                            default -> a % b == 0 ? a / b : -1;
                        };
                assertThat(equation.group(4)).isEqualTo(String.valueOf(result));
                assertThat(result).isBetween(1, 99);
            }
        }
    }

    @Test
    void aDemonstrationIsWrittenAsDocumented() {
        Puzzle puzzle = new Puzzle(List.of(6, 44, 37), 75);
        SearchSpace.Root first = root(44, Operation.PLUS, 6);
        SearchSpace.Root second = root(37, Operation.MINUS, 6);
        Search.Attempt miss = new Search.Attempt(first, first.leaves().get(0));
        Search.Attempt hit = new Search.Attempt(second, second.leaves().get(0));
        assertThat(SearchProse.write(new Search(puzzle, List.of(miss, hit), hit), false))
                .isEqualTo("""
                        <think>
                        Try 44 + 6 = 50, which leaves 37 and 50. 50 + 37 = 87, not 75.
                        Try 37 - 6 = 31, which leaves 44 and 31. 44 + 31 = 75, as wanted.
                        </think>
                        <answer> 44 + (37 - 6) </answer>""");
        assertThat(SearchProse.write(new Search(puzzle, List.of(miss), miss), true))
                .isEqualTo("""

                        Try 44 + 6 = 50, which leaves 37 and 50. 50 + 37 = 87, not 75.
                        None gives 75; the closest is 87.
                        </think>
                        <answer> (44 + 6) + 37 </answer>""");
    }

    private static SearchSpace.Root root(int left, Operation operation, int right) {
        return SearchSpace.roots(6, 44, 37).stream()
                .filter(root -> root.step().left() == left
                        && root.step().operation() == operation
                        && root.step().right() == right)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void heldOutPuzzlesAreThoseOfTheTest() {
        for (long index = 0; index < 50; index++) {
            assertThat(heldOut(Countdown.demonstration(3, index, true).problem()))
                    .isTrue();
            assertThat(heldOut(Countdown.demonstration(3, index, false).problem()))
                    .isFalse();
        }
        assertThat(SMALL.test()).allMatch(DemonstrationTest::heldOut);
        assertThat(SMALL.prompts(0, 0, 100)).noneMatch(DemonstrationTest::heldOut);
    }

    private static boolean heldOut(Problem problem) {
        List<Integer> sorted =
                Puzzle.ofJson(Objects.requireNonNull(problem.answer())).sorted().numbers();
        return SearchPuzzles.heldOut(sorted.get(0), sorted.get(1), sorted.get(2));
    }

    @Test
    void smallPuzzlesHaveThreeNumbers() {
        assertThatThrownBy(() -> new CountdownSettings(4, true, 1, 1))
                .isInstanceOf(BadInputException.class)
                .hasMessage("numbers 4: small puzzles have 3 numbers; set numbers to 3, or take the usual puzzles");
    }
}
