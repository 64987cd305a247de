package dev.upbeat.task.countdown;

import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.task.Problem;
import dev.upbeat.trace.Score;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CountdownVerifierTest {
    private static final Puzzle PUZZLE = new Puzzle(List.of(6, 44, 37), 75);
    private static final Countdown WORDS = Countdown.inWords(new CountdownSettings(3, 10, 10), null);
    private static final Countdown SEARCH = Countdown.asSearch(new CountdownSettings(3, 10, 10));
    private static final Problem QUESTION = new QuestionFormat(null).problem("q", PUZZLE);
    private static final Problem OWN = new SearchFormat().problem("s", PUZZLE);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "I think <answer>44 + (37 - 6)</answer>",
                "<answer> 44 - 6 + 37 </answer>",
                "<answer>\n((37-6)+44)\n</answer>",
                "<answer>1 + 2</answer> no, <answer>44+37-6</answer>",
                "<answer>44+37-6</answer>\nThat is all.",
                "<answer><answer>44+37-6</answer>",
                "<answer>44+37-6</answer> and <answer> then I ran out of"
            })
    void theLastAnswerThatIsWholeCounts(String response) {
        assertThat(WORDS.verify(QUESTION, response))
                .returns(1.0, Score::reward)
                .returns(true, Score::correct)
                .returns("right", Score::reason);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<think>Try <answer>44+37+6</answer>.</think><answer>44+37-6</answer>",
                "Try <answer>44+37+6</answer>.</think>\n<answer>44+37-6</answer>",
                "<think>\\boxed{44+37+6}</think>\\boxed{44+37-6}",
                "<think><answer>44+37+6</answer></think>So \\boxed{44+37-6}",
                "<think>a</think>no<think><answer>1</answer></think><answer>44+37-6</answer>",
                "[THINK]<answer>44+37+6</answer>[/THINK]<answer>44+37-6</answer>"
            })
    void onlyWhatFollowsTheThinkingIsRead(String response) {
        assertThat(WORDS.verify(QUESTION, response).correct()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<think><answer>44+37-6</answer>",
                "<think><answer>44+37-6</answer></think>",
                "<answer>44+37-6</answer></think>",
                "<answer>44+37-6</answer><think>or",
                "<think>\\boxed{44+37-6}</think>75",
                "<think>a</think><answer>44+37-6</answer><think>b"
            })
    void anAnswerInTheThinkingIsNone(String response) {
        Score score = WORDS.verify(QUESTION, response);
        assertThat(score.correct()).isFalse();
        assertThat(score.parsed()).isNull();
    }

    @Test
    void theBundledModelsWordsKnowNoThinking() {
        assertThat(SEARCH.verify(OWN, "<think> # 44 + 37 - 6").correct())
                .isEqualTo(SEARCH.verify(OWN, "# 44 + 37 - 6").correct())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "44 + 37 - 6",
                "<answer>",
                "</answer>",
                "</answer>44+37-6<answer>",
                "<answer>44+37-6",
                "<ANSWER>44+37-6</ANSWER>",
                "<answer>44+37-6</answer><answer>44+37</answer>",
                "<answer>44+37-6</answer><answer></answer>",
                "<answer>44+37-6 = 75</answer>",
                "<answer>75</answer>",
                "<answer>44+37-6;</answer>",
                "<answer>44+37-6+0</answer>",
                "<answer>44+37-6+6-6</answer>",
                "<answer>44+37-(6)(1)</answer>",
                "<answer>44/(37-37)</answer>",
                "<answer>\\boxed{44+37-6}</answer>",
                "<answer>４４+37-6</answer>",
                "<answer>44+37-6\u0000</answer>",
                "<answer>__import__('os')</answer>"
            })
    void anythingElseIsWorthNothing(String response) {
        Score score = WORDS.verify(QUESTION, response);
        assertThat(score.reward()).isZero();
        assertThat(score.correct()).isFalse();
        assertThat(score.reason()).isNotBlank();
    }

    @Test
    void whereThereAreNoTagsTheLastBoxCounts() {
        assertThat(WORDS.verify(QUESTION, "so \\boxed{44 + (37 - 6)}").reward()).isEqualTo(1);
        assertThat(WORDS.verify(QUESTION, "$\\boxed{44 + \\left(37 − 6\\right)}$")
                        .reward())
                .isEqualTo(1);
        assertThat(WORDS.verify(QUESTION, "\\boxed{44+37-6} or \\boxed{44}").reward())
                .isZero();
        assertThat(WORDS.verify(QUESTION, "<answer>44</answer> \\boxed{44+37-6}")
                        .reward())
                .isZero();
        Problem product = new QuestionFormat(null).problem("p", new Puzzle(List.of(6, 4, 3), 8));
        assertThat(WORDS.verify(product, "\\boxed{6 \\times 4 \\div 3}").reward())
                .isEqualTo(1);
    }

    @Test
    void theBundledModelsAnswerFollowsTheLastHash() {
        String search = "try - : 37 - 6 = 31 ; left 44 31 ; want 75 : 44 + 31 = 75 !\n"
                + "check 37 - 6 = 31 ; 44 + 31 = 75 ok\n# ";
        assertThat(SEARCH.verify(OWN, search + "44 + ( 37 - 6 )").reward()).isEqualTo(1);
        assertThat(SEARCH.verify(OWN, search + "44 + ( 37 - 6 )\n").reward()).isEqualTo(1);
        assertThat(SEARCH.verify(OWN, "# 1 # 44 + ( 37 - 6 )").reward()).isEqualTo(1);
        assertThat(SEARCH.verify(OWN, "# 44 + ( 37 - 6 ) # 44").reward()).isZero();
        assertThat(SEARCH.verify(OWN, search + "44 + ( 37 - 6 ) ok").reward()).isZero();
        assertThat(SEARCH.verify(OWN, search + "44 + ( 37 - 6").reward()).isZero();
        assertThat(SEARCH.verify(OWN, "44 + ( 37 - 6 )").reason()).contains("no answer");
    }

    @Test
    void verdictsSayWhatWasFoundAndWhatWasExpected() {
        assertThat(WORDS.verify(QUESTION, "<answer> 44+6+37 </answer>"))
                .returns("44+6+37", Score::parsed)
                .returns("the answer is 87; expected 75", Score::reason);
        assertThat(WORDS.verify(QUESTION, "<answer>44+37</answer>").reason())
                .isEqualTo("the answer uses [37, 44]; expected each of [6, 37, 44] once");
        assertThat(WORDS.verify(QUESTION, "so 75").parsed()).isNull();
        assertThat(WORDS.verify(QUESTION, "<answer>" + "(".repeat(10_000) + "</answer>")
                        .parsed())
                .hasSizeLessThan(300);
    }

    @Test
    void divisionIsExactAndNotRounded() {
        Problem thirds = new QuestionFormat(null).problem("d", new Puzzle(List.of(3, 3, 8, 8), 24));
        Countdown four = Countdown.inWords(new CountdownSettings(4, 10, 10), null);
        assertThat(four.verify(thirds, "<answer>8/(3-8/3)</answer>").reward()).isEqualTo(1);
        Problem almost = new QuestionFormat(null).problem("a", new Puzzle(List.of(7, 3, 3), 7));
        assertThat(WORDS.verify(almost, "<answer>7/3*3</answer>").reward()).isEqualTo(1);
    }

    /** Seed 1; some 13 % of the mutants are right. */
    @Test
    void twentyThousandMutantsGetTheVerdictOfTheNaiveTwin() {
        SplittableRandom random = new SplittableRandom(1);
        String alphabet = "0123456789+-*/() \n=.,<>#abcé٣３×\u0000\u200B😀";
        int right = 0;
        for (int i = 0; i < 20_000; i++) {
            Puzzle puzzle = new SearchPuzzles().draw(random, false);
            StringBuilder answer = new StringBuilder(solution(puzzle));
            for (int edits = random.nextInt(4); edits > 0; edits--) {
                mutate(answer, alphabet, random);
            }
            String text = answer.toString().replace("<answer>", "").replace("</answer>", "");
            boolean expected = NaiveExpression.solves(text, puzzle.numbers(), puzzle.target());
            Score score = WORDS.verify(new QuestionFormat(null).problem("m", puzzle), "<answer>" + text + "</answer>");
            assertThat(score.correct())
                    .as("%s -> %s: %s", puzzle, text, score.reason())
                    .isEqualTo(expected);
            assertThat(score.reward()).isEqualTo(expected ? 1 : 0);
            right += expected ? 1 : 0;
        }
        assertThat(right).isBetween(2_000, 18_000);
    }

    @Test
    void hostileResponsesOfAMillionCharactersAreJudged() {
        List<String> hostile = new ArrayList<>();
        for (String unit : List.of("(", ")", "<answer>", "</answer>", "#", "1+", "9", "1/0", "-", "\u0000", "٣", " ")) {
            hostile.add(unit.repeat(1_000_000 / unit.length()));
            hostile.add("<answer>" + unit.repeat(1_000_000 / unit.length()) + "</answer>");
            hostile.add("# " + unit.repeat(1_000_000 / unit.length()));
        }
        for (String response : hostile) {
            assertThat(WORDS.verify(QUESTION, response).reward()).isZero();
            assertThat(SEARCH.verify(OWN, response).reward()).isZero();
        }
    }

    /** Some expression that solves it, from the search space. */
    private static String solution(Puzzle puzzle) {
        List<Integer> n = puzzle.numbers();
        for (SearchSpace.Root root : SearchSpace.roots(n.get(0), n.get(1), n.get(2))) {
            for (SearchSpace.Step leaf : root.leaves()) {
                if (leaf.result() == puzzle.target()) {
                    String inner = "(" + root.step().left()
                            + root.step().operation().symbol() + root.step().right() + ")";
                    boolean rootFirst = leaf.left() == root.step().result();
                    String symbol = leaf.operation().symbol();
                    return rootFirst ? inner + symbol + root.rest() : root.rest() + symbol + inner;
                }
            }
        }
        throw new AssertionError("no solution of " + puzzle);
    }

    private static void mutate(StringBuilder text, String alphabet, SplittableRandom random) {
        int at = random.nextInt(text.length() + 1);
        int letter = alphabet.codePointAt(random.nextInt(alphabet.length()));
        switch (random.nextInt(5)) {
            case 0 -> text.insert(at, Character.toString(letter));
            case 1 -> text.insert(at, random.nextBoolean() ? "(" : ")");
            case 2 -> text.insert(at, ' ');
            case 3 -> text.delete(at, Math.min(text.length(), at + 1));
            default -> text.append(text.substring(at));
        }
    }
}
