package dev.upbeat.task.countdown;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.upbeat.io.BadInputException;
import dev.upbeat.series.RandomStream;
import dev.upbeat.task.Problem;
import dev.upbeat.task.PuzzleOptions;
import dev.upbeat.task.Rational;
import dev.upbeat.task.TaskRow;
import dev.upbeat.trace.Message;
import dev.upbeat.trace.Prompt;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CountdownPuzzlesTest {
    @Test
    void theProtocolsTrainingAndTestPuzzlesAreDistinctAndDisjoint() {
        Countdown task = Countdown.inWords(CountdownSettings.ofNumbers(4), null);
        assertDisjoint(task, PuzzleOptions.TRAIN, PuzzleOptions.TEST);
    }

    @Test
    void onlyTestPuzzlesHaveHeldOutNumbers() {
        Countdown task = Countdown.asSearch(CountdownSettings.ofNumbers(3));
        assertDisjoint(task, PuzzleOptions.TRAIN, PuzzleOptions.TEST);
        assertThat(task.test()).allMatch(problem -> heldOut(problem));
        assertThat(task.prompts(0, 0, 2_000)).noneMatch(problem -> heldOut(problem));
    }

    @Test
    void thirteenHundredTwelveTriplesAreHeldOut() {
        int all = 0;
        int heldOut = 0;
        for (int a = 1; a <= 50; a++) {
            for (int b = a; b <= 50; b++) {
                for (int c = b; c <= 50; c++) {
                    all++;
                    heldOut += SearchPuzzles.heldOut(a, b, c) ? 1 : 0;
                }
            }
        }
        assertThat(all).isEqualTo(22_100);
        assertThat(heldOut).isEqualTo(1_312);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 6})
    void puzzlesKeepTheirRangesAndAreTheSameEveryTime(int numbers) {
        SplittableRandom random = RandomStream.of(7);
        SplittableRandom again = RandomStream.of(7);
        for (int i = 0; i < 500; i++) {
            Puzzle puzzle = new RandomPuzzles(numbers).draw(random, false);
            assertThat(puzzle.numbers()).hasSize(numbers).allMatch(n -> 1 <= n && n <= 99);
            assertThat(puzzle.target()).isBetween(10, 99);
            assertThat(new RandomPuzzles(numbers).draw(again, false)).isEqualTo(puzzle);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4})
    void everyPuzzleHasASolution(int numbers) {
        SplittableRandom random = RandomStream.of(8);
        for (int i = 0; i < 100; i++) {
            Puzzle puzzle = new RandomPuzzles(numbers).draw(random, false);
            List<Rational> values =
                    puzzle.numbers().stream().map(number -> Rational.of(number)).toList();
            assertThat(reaches(values, Rational.of(puzzle.target())))
                    .as("%s", puzzle)
                    .isTrue();
        }
    }

    @Test
    void aStepsPromptsDependOnSeedAndStepAlone() {
        Countdown task = Countdown.asSearch(CountdownSettings.ofNumbers(3));
        Countdown other = Countdown.asSearch(CountdownSettings.ofNumbers(3));
        assertThat(task.prompts(1, 5, 32)).isEqualTo(other.prompts(1, 5, 32));
        assertThat(task.prompts(1, 6, 32)).isNotEqualTo(task.prompts(1, 5, 32));
        assertThat(task.prompts(2, 5, 32)).isNotEqualTo(task.prompts(1, 5, 32));
        assertThat(task.test()).isEqualTo(other.test());
    }

    @Test
    void chatModelsGetAQuestionAndOthersGetText() {
        Problem problem = new QuestionFormat(null).problem("q", new Puzzle(List.of(6, 44, 37), 75));
        String question = "Using the numbers [6, 44, 37], create an equation that equals 75. You can use basic"
                + " arithmetic operations (+, -, *, /) and each number can only be used once.";
        assertThat(problem.messages()).singleElement().satisfies(message -> {
            assertThat(message.role()).isEqualTo("user");
            assertThat(message.content()).startsWith(question).contains("<answer> (1 + 2) / 3 </answer>");
        });
        assertThat(problem.text())
                .contains("User: " + question)
                .endsWith("Assistant: Let me solve this step by step.\n<think>");
        assertThat(new SearchFormat().problem("s", new Puzzle(List.of(6, 44, 37), 75)))
                .returns(null, Problem::messages)
                .returns("6 44 37 > 75\n", Problem::text);
    }

    @Test
    void aPuzzleIsReadFromAnyKnownQuestion() {
        Countdown words = Countdown.inWords(CountdownSettings.ofNumbers(4), null);
        Puzzle puzzle = new Puzzle(List.of(86, 28, 13, 31), 96);
        String question = "Using the numbers [86, 28, 13, 31], create an equation that equals 96. You can use ..";
        assertThat(words.problem(new TaskRow("r", question, "86+28=114")))
                .isEqualTo(new QuestionFormat(null).problem("r", puzzle));
        assertThat(words.problem(new TaskRow("r", "86 28 13 31 > 96", null)))
                .isEqualTo(new QuestionFormat(null).problem("r", puzzle));
        Message asked = Objects.requireNonNull(words.test().get(0).messages()).get(0);
        assertThat(words.problem(new TaskRow("test-0", asked.content(), null)))
                .isEqualTo(words.test().get(0));
    }

    @Test
    void aUsersRowMayGiveItsNumbersApart() throws IOException {
        Countdown words = Countdown.inWords(CountdownSettings.ofNumbers(4), null);
        Puzzle puzzle = new Puzzle(List.of(86, 28, 13, 31), 96);
        Problem expected = new QuestionFormat(null).problem("r", puzzle);
        for (String fields : List.of(
                "{\"numbers\": [86, 28, 13, 31], \"target\": 96}", "{\"nums\": [86, 28.0, 13, 31], \"target\": 96}")) {
            ObjectNode row = (ObjectNode) new ObjectMapper().readTree(fields);
            assertThat(words.problem(
                            new TaskRow("r", "Make it.", TaskRow.question("Make it."), false, null, row, null)))
                    .isEqualTo(expected);
            assertThat(words.problem(new TaskRow("r", "Make it.", fields)))
                    .isEqualTo(expected); // TinyZero's ground truth
        }
        assertThatThrownBy(() -> words.problem(new TaskRow("r", "Make it.", "{\"numbers\": [1, -2], \"target\": 3}")))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("row r gives the numbers [1,-2]");
        assertThatThrownBy(() -> words.problem(new TaskRow("r", "Make it.", "{\"numbers\": [1, 2], \"target\": 1.5}")))
                .hasMessageContaining("target 1.5");
    }

    @Test
    void aRowsPromptIsUnchangedWithoutAStyle() {
        List<Message> own = List.of(new Message("user", "Numbers [6, 44, 37]: make 75. Box it."));
        TaskRow row = new TaskRow("r", null, Prompt.of(own), true, null, new TaskRow("r", "", null).fields(), null);
        Puzzle puzzle = new Puzzle(List.of(6, 44, 37), 75);
        CountdownSettings three = CountdownSettings.ofNumbers(3);
        assertThat(Countdown.inWords(three, null).problem(row)).isEqualTo(new Problem("r", own, null, puzzle.toJson()));
        assertThat(Countdown.inWords(three, "usual").problem(row))
                .isEqualTo(new QuestionFormat(null).problem("r", puzzle));
        assertThat(Countdown.inWords(three, "paper").problem(row).messages())
                .extracting(Message::role)
                .containsExactly("system", "user");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2 + 2?", "[1, 2] of what", "[1] equals 2", "1 > 2", "[1, 2, 99999999999] equals 7"})
    void aRowWithoutAPuzzleIsRejectedById(String question) {
        Countdown words = Countdown.inWords(CountdownSettings.ofNumbers(4), null);
        assertThatThrownBy(() -> words.problem(new TaskRow("row-7", question, null)))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("row row-7")
                .hasMessageContaining("6 44 37 > 75");
    }

    @Test
    void whatTheBundledModelHasNoWordsForIsRefused() {
        Countdown search = Countdown.asSearch(CountdownSettings.ofNumbers(3));
        assertThatThrownBy(() -> search.problem(new TaskRow("a", "1 2 3 4 > 10", null)))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("[1, 2, 3, 4]")
                .hasMessageContaining("3 numbers");
        assertThatThrownBy(() -> search.problem(new TaskRow("a", "50 50 3 > 100", null)))
                .hasMessageContaining("below 100");
        assertThatThrownBy(() -> Countdown.asSearch(CountdownSettings.ofNumbers(4)))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("numbers 4");
    }

    @Test
    void settingsOutOfRangeAreRefusedWithTheRange() {
        assertThatThrownBy(() -> CountdownSettings.ofNumbers(2))
                .hasMessage("numbers 2: expected 3 to 6 numbers a puzzle");
        assertThatThrownBy(() -> CountdownSettings.ofNumbers(7)).isInstanceOf(BadInputException.class);
        assertThatThrownBy(() -> new CountdownSettings(3, 0, 1)).hasMessageContaining("train 0");
        assertThatThrownBy(() -> new CountdownSettings(3, 1, 0)).hasMessageContaining("test 0");
    }

    @Test
    void tooManyPuzzlesAreRejected() {
        // 1,312 held-out triples have some ten targets each.
        assertThatThrownBy(() -> Countdown.asSearch(new CountdownSettings(3, 1, 100_000)))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("test 100000");
    }

    private static void assertDisjoint(Countdown task, int train, int test) {
        Set<Puzzle> seen = new HashSet<>();
        for (Problem problem : task.test()) {
            assertThat(seen.add(Puzzle.ofJson(problem.answer()).sorted())).isTrue();
        }
        assertThat(seen).hasSize(test);
        for (Problem problem : task.prompts(0, 0, train)) {
            assertThat(seen.add(Puzzle.ofJson(problem.answer()).sorted())).isTrue();
        }
        assertThat(seen).hasSize(train + test);
    }

    private static boolean heldOut(Problem problem) {
        List<Integer> n = Puzzle.ofJson(problem.answer()).sorted().numbers();
        return SearchPuzzles.heldOut(n.get(0), n.get(1), n.get(2));
    }

    /** Every way to combine them, two at a time. */
    private static boolean reaches(List<Rational> values, Rational target) {
        if (values.size() == 1) {
            return values.get(0).equals(target);
        }
        for (int i = 0; i < values.size(); i++) {
            for (int j = 0; j < values.size(); j++) {
                if (i == j) {
                    continue;
                }
                List<Rational> rest = new ArrayList<>(values);
                Rational a = values.get(i);
                Rational b = values.get(j);
                rest.remove(Math.max(i, j));
                rest.remove(Math.min(i, j));
                List<Rational> results = new ArrayList<>(List.of(a.plus(b), a.minus(b), a.times(b)));
                if (!b.isZero()) {
                    results.add(a.over(b));
                }
                for (Rational result : results) {
                    rest.add(result);
                    if (reaches(rest, target)) {
                        return true;
                    }
                    rest.remove(rest.size() - 1);
                }
            }
        }
        return false;
    }
}
