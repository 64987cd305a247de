package dev.upbeat.task.countdown;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.upbeat.series.RandomStream;
import dev.upbeat.task.Problem;
import dev.upbeat.task.TaskRow;
import dev.upbeat.task.countdown.SearchSpace.Root;
import dev.upbeat.tokenizer.HfTokenizer;
import dev.upbeat.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The figures are those of the recipe by which the bundled model is made. */
class SearchTracesTest {
    private static final int TRACES = 20_000;
    private static final Pattern TRY = Pattern.compile(
            "try (\\S) : (\\d+) \\1 (\\d+) = (\\d+) ; left (\\d+) \\4 ; want (\\d+) : (\\d+) (\\S) (\\d+) = (\\d+) ([x!])\n");

    private static final List<Trace> SEEN = LongStream.range(0, TRACES)
            .mapToObj(i -> SearchTraces.training(0, i))
            .toList();

    private static HfTokenizer tokenizer;

    @BeforeAll
    static void loadTokenizer(@TempDir Path directory) throws IOException {
        Files.writeString(
                directory.resolve("tokenizer.json"), SearchTokenizer.files().get("tokenizer.json"));
        tokenizer = HfTokenizer.fromFolder(directory);
    }

    @AfterAll
    static void closeTokenizer() {
        tokenizer.close();
    }

    /** Standard errors at 20,000 traces: 0.3 points and 0.2 tokens. */
    @Test
    void searchTracesHaveTheStatedLengthAndSuccess() {
        double hits = SEEN.stream().mapToDouble(Trace::reward).average().orElseThrow();
        assertThat(hits).isCloseTo(0.655, within(0.012));
        double length =
                SEEN.stream().mapToInt(t -> t.responseIds().length).average().orElseThrow();
        assertThat(length).isCloseTo(84, within(1.2));
        assertThat(SEEN.stream().mapToInt(t -> t.responseIds().length).max()).hasValue(115);
        assertThat(SEEN).allMatch(trace -> trace.promptIds().length == 7);
        assertThat(SEEN.stream().mapToInt(Trace::length).max()).hasValue(SearchTraces.LONGEST);
    }

    @Test
    void aPuzzleHasTwoOrThreeUsefulRootsOfSix() {
        SplittableRandom random = RandomStream.of(2);
        double roots = 0;
        double hitting = 0;
        for (int i = 0; i < 5_000; i++) {
            Puzzle puzzle = new SearchPuzzles().draw(random, false);
            List<Root> all = roots(puzzle);
            assertThat(new HashSet<>(all)).hasSameSizeAs(all);
            roots += all.size();
            hitting +=
                    all.stream().filter(root -> root.reaches(puzzle.target())).count();
        }
        assertThat(roots / 5_000).isCloseTo(6.4, within(0.1));
        assertThat(hitting / 5_000).isCloseTo(2.4, within(0.1));
    }

    @Test
    void seedAndIndexAloneDecideATrace() {
        Trace trace = SearchTraces.training(0, 0);
        assertThat(text(trace))
                .isEqualTo(text(SearchTraces.training(0, 0)))
                .isNotEqualTo(text(SearchTraces.training(0, 1)))
                .isNotEqualTo(text(SearchTraces.training(1, 0)))
                .isNotEqualTo(text(SearchTraces.heldOut(0, 0)));
        assertThat(trace.id()).isEqualTo("search-0-0");
    }

    @Test
    void trainingTracesUseNoHeldOutNumbers() {
        for (int i = 0; i < 200; i++) {
            assertThat(heldOut(SearchTraces.heldOut(0, i))).isTrue();
            assertThat(heldOut(SEEN.get(i))).isFalse();
        }
    }

    /** Every equation, every root once, the marks, the ending and the answer of 1,000 traces. */
    @Test
    void writtenSearchesAreRight() {
        Countdown task = Countdown.asSearch(CountdownSettings.ofNumbers(3));
        for (Trace trace : SEEN.subList(0, 1_000)) {
            String prompt = tokenizer.decode(trace.promptIds(), true);
            String text = tokenizer.decode(trace.responseIds(), true);
            Problem problem = task.problem(new TaskRow("p", prompt, null));
            Puzzle puzzle = Puzzle.ofJson(problem.answer());
            Matcher tries = TRY.matcher(text);
            List<String> roots = new ArrayList<>();
            int end = 0;
            int closest = Integer.MAX_VALUE;
            String answer = "";
            while (tries.find() && tries.start() == end) {
                end = tries.end();
                int[] n = ints(tries, 2, 3, 4, 5, 6, 7, 9, 10);
                List<Integer> used = new ArrayList<>(List.of(n[0], n[1], n[3]));
                assertThat(used).containsExactlyInAnyOrderElementsOf(puzzle.numbers());
                assertEquation(n[0], tries.group(1), n[1], n[2]);
                assertEquation(n[5], tries.group(8), n[6], n[7]);
                assertThat(List.of(n[5], n[6])).containsExactlyInAnyOrder(n[2], n[3]);
                assertThat(n[4]).isEqualTo(puzzle.target());
                assertThat(tries.group(11)).isEqualTo(n[7] == n[4] ? "!" : "x");
                roots.add(tries.group(1) + List.of(n[0], n[1], n[3]));
                String inner = "( " + n[0] + " " + tries.group(1) + " " + n[1] + " )";
                if (Math.abs(n[7] - n[4]) < closest) {
                    closest = Math.abs(n[7] - n[4]);
                    String root = n[0] + " " + tries.group(1) + " " + n[1] + " = " + n[2];
                    String leaf = n[5] + " " + tries.group(8) + " " + n[6] + " = " + n[7];
                    String expression = n[5] == n[2]
                            ? inner + " " + tries.group(8) + " " + n[3]
                            : n[3] + " " + tries.group(8) + " " + inner;
                    answer = (closest == 0 ? "check " + root + " ; " + leaf + " ok" : "guess " + n[7]) + "\n# "
                            + expression;
                }
            }
            assertThat(new HashSet<>(roots)).hasSameSizeAs(roots);
            assertThat(roots).hasSizeBetween(1, 4);
            assertThat(closest == 0 || roots.size() == Math.min(4, roots(puzzle).size()))
                    .isTrue();
            assertThat(text.substring(end)).isEqualTo(answer);
            assertThat(trace.responseIds()).endsWith(SearchWords.EOS);
            assertThat(task.verify(problem, text).reward()).isEqualTo(trace.reward());
        }
    }

    @Test
    void aTraceReadsAsTheRecipeShowsIt() {
        Trace hit = SEEN.stream()
                .filter(trace -> trace.responseIds().length == 69)
                .findFirst()
                .orElseThrow();
        assertThat(tokenizer.decode(hit.ids(), false))
                .matches("<bos> \\d+ \\d+ \\d+ > \\d+\ntry [^\n]* x\ntry [^\n]* !\ncheck [^\n]* ok\n# [^\n]* <eos>");
        assertThat(String.join("", tokenizer.tokenTexts(hit.ids()))).isEqualTo(tokenizer.decode(hit.ids(), false));
    }

    private static void assertEquation(int left, String symbol, int right, int result) {
        assertThat(left).isGreaterThanOrEqualTo(right);
        assertThat(result).isBetween(1, 99);
        int exact =
                switch (symbol) {
                    case "+" -> left + right;
                    case "-" -> left - right;
                    case "*" -> left * right;
                    default -> left % right == 0 ? left / right : -1;
                };
        assertThat(result).isEqualTo(exact);
    }

    private static int[] ints(Matcher matcher, int... groups) {
        return Arrays.stream(groups)
                .map(group -> Integer.parseInt(matcher.group(group)))
                .toArray();
    }

    private static List<Root> roots(Puzzle puzzle) {
        List<Integer> n = puzzle.numbers();
        return SearchSpace.roots(n.get(0), n.get(1), n.get(2));
    }

    private static boolean heldOut(Trace trace) {
        int[] n = Arrays.stream(trace.promptIds(), 1, 4)
                .map(id -> id - SearchWords.FIRST_NUMBER)
                .sorted()
                .toArray();
        return SearchPuzzles.heldOut(n[0], n[1], n[2]);
    }

    private static String text(Trace trace) {
        return Arrays.toString(trace.ids());
    }
}
