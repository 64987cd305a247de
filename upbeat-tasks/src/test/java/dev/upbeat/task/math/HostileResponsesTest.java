package dev.upbeat.task.math;

import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.series.RandomStream;
import dev.upbeat.trace.Score;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever a model writes, a verdict comes: no exception, and no time or memory that grows out of hand. Both are bounded by
 * what is refused, the same on every machine: a clock says nothing of a busy one.
 */
class HostileResponsesTest {
    private static final long SEED = Long.getLong("upbeat.fuzz.seed", 20_251_128);

    /** Readings of two answers that are held against each other, at most, times the places where one is given up. */
    private static final int MOST_REFUSED = 20;

    private static final System.Logger LOG = System.getLogger(HostileResponsesTest.class.getName());

    private static final List<String> GOLDS = List.of(
            "42",
            "\\frac{3}{7}",
            "3\\sqrt{13}",
            "(1,2)",
            "[0,1) \\cup (2,\\infty)",
            "x^2+2x+1",
            "52_8",
            "C",
            "12\\%",
            "\\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}",
            "1,2,3",
            "y = 2x + 3",
            "\\text{east}",
            "10!",
            "5 \\pm \\sqrt{2}");

    private static final List<String> PIECES = List.of(
            "\\frac",
            "{",
            "}",
            "(",
            ")",
            "[",
            "]",
            "\\boxed{",
            "\\left(",
            "\\right",
            "^",
            "_",
            "10",
            "9999999999",
            "!",
            "\\sqrt",
            "\\pm",
            ",",
            " and ",
            "=",
            "<",
            "\\le",
            "\\in",
            "\\cup",
            "|",
            "x",
            "y",
            "\\pi",
            "e",
            "i",
            "%",
            "$",
            "\\$",
            "\\\\",
            "&",
            "\\begin{pmatrix}",
            "\\end{pmatrix}",
            "\u0000",
            "\u202e",
            "\ud800",
            "é",
            "½",
            "/0",
            "1e308",
            "\\text{",
            "<think>",
            "</think>",
            "####",
            "The answer is ",
            "\n",
            ":",
            ";",
            ".",
            "'",
            "\\log",
            "\\sum_{k=1}^{n}",
            "\\binom",
            "\\lfloor",
            "\\infty",
            "\\{",
            "\\}",
            "A",
            "-",
            "+",
            "*");

    @Test
    void mutatedAnswersGetAVerdict() {
        LOG.log(System.Logger.Level.INFO, "seed {0}: -Dupbeat.fuzz.seed brings it back", Long.toString(SEED));
        for (int i = 0; i < 3_000; i++) {
            SplittableRandom random = RandomStream.of(SEED, i);
            String gold = GOLDS.get(random.nextInt(GOLDS.size()));
            String response = mutated("So we have $\\boxed{" + gold + "}$", random);
            verdict(gold, response, "seed " + SEED + ", case " + i);
            verdict(mutated(gold, random), response, "seed " + SEED + ", case " + i + ", its gold mutated");
        }
    }

    @Test
    @Tag("slow")
    void tenThousandHostileResponsesGetAVerdictEach() {
        for (int i = 0; i < 10_000; i++) {
            SplittableRandom random = RandomStream.of(SEED, 1, i);
            String gold = GOLDS.get(random.nextInt(GOLDS.size()));
            String response = hostile(random, i % 100 == 0 ? 1_000_000 : 3_000);
            verdict(gold, response, "seed " + SEED + ", hostile case " + i);
        }
    }

    @Test
    void whatWouldTakeTooLongEndsWithTheBudget() {
        CountedBudget budget = new CountedBudget();
        Score score = MathVerifier.verify(roots(101), "\\boxed{" + roots(102) + "}", budget);
        assertThat(score.reason()).isEqualTo("undecided: too long to work out");
        assertThat(budget.spent).isBetween(Budget.STEPS / 2, Budget.STEPS);
        assertThat(budget.refused).isBetween(1, MOST_REFUSED);
    }

    /** A list of sums of roots that only values can tell apart. */
    private static String roots(int from) {
        return IntStream.range(0, 180)
                .mapToObj(i -> "\\sqrt{" + (from + i) + "}+\\pi")
                .collect(Collectors.joining(","));
    }

    /** Memory is bounded by what is read, and by the size of what is worked out. */
    @ParameterizedTest
    @MethodSource
    void sizesBeyondTheLimitsAreRefused(String response, String reason) {
        Score score = verdict("42", response, reason);
        assertThat(score.correct()).isFalse();
        assertThat(score.reason()).contains(reason);
        if (score.parsed() != null) {
            assertThat(score.parsed()).hasSizeLessThan(210);
        }
    }

    static List<Arguments> sizesBeyondTheLimitsAreRefused() {
        return List.of(
                Arguments.of("\\boxed{42}" + " ".repeat(200_000), "no answer found"),
                Arguments.of("\\boxed{" + "1+".repeat(1_500) + "1}", "longer than 3000 characters"),
                Arguments.of("\\boxed{" + "\\".repeat(190_000) + "}", "longer than 30000 characters"),
                Arguments.of("\\boxed{" + "\\color{}".repeat(20_000) + "}", "longer than 30000 characters"),
                Arguments.of("\\boxed{" + "9".repeat(1_001) + "}", "digits"),
                Arguments.of("\\boxed{" + "(".repeat(61) + "1" + ")".repeat(61) + "}", "nested deeper than 60"),
                Arguments.of("\\boxed{(2^{399})^{399}}", "too large to work out"),
                Arguments.of("\\boxed{1001!}", "the factorial of 1001"),
                Arguments.of(
                        "\\boxed{\\begin{pmatrix} " + "1 & ".repeat(400) + "1 \\end{pmatrix}}",
                        "a matrix of more than 400 entries"));
    }

    @Test
    void knownTrapsAreWrongOrUndecided() {
        for (String trap : traps()) {
            for (String gold : GOLDS) {
                Score score = verdict(gold, trap, trap.substring(0, Math.min(60, trap.length())));
                assertThat(score.correct()).as(score.reason()).isFalse();
            }
        }
    }

    @Test
    void aTowerOfPowersIsUndecided() {
        Score score = MathVerifier.verify("10^{10}", "$\\boxed{10^{10^{10^{10}}}}$");
        assertThat(score.correct()).isFalse();
        assertThat(score.reason()).startsWith("undecided: ");
    }

    @Test
    void integersOfTwoHundredDigitsAreExact() {
        String digits = "7".repeat(200);
        assertThat(MathVerifier.verify(digits, "\\boxed{" + digits + "}").correct())
                .isTrue();
        assertThat(MathVerifier.verify(digits, "\\boxed{" + digits.substring(1) + "8}")
                        .correct())
                .isFalse();
        assertThat(MathVerifier.verify("10^{200}", "\\boxed{1" + "0".repeat(200) + "}")
                        .correct())
                .isTrue();
        assertThat(MathVerifier.verify("10^{200}", "\\boxed{1" + "0".repeat(199) + "1}")
                        .correct())
                .isFalse();
    }

    /** Counts what is worked out, and what is asked for when nothing is left: loops must end there. */
    private static final class CountedBudget extends Budget {
        private int spent;
        private int refused;

        @Override
        void spend(int steps) throws Undecided {
            refused++;
            super.spend(steps);
            refused--;
            spent += steps;
        }
    }

    private static Score verdict(String gold, String response, String of) {
        try {
            CountedBudget budget = new CountedBudget();
            Score score = MathVerifier.verify(gold, response, budget);
            assertThat(score.reason()).as(of).isNotBlank();
            assertThat(budget.spent).as("%s: steps", of).isLessThanOrEqualTo(Budget.STEPS);
            assertThat(budget.refused).as("%s: goes on without steps", of).isLessThanOrEqualTo(MOST_REFUSED);
            return score;
        } catch (RuntimeException | StackOverflowError e) {
            throw new AssertionError(
                    of + ": gold " + gold + ", response " + response.substring(0, Math.min(300, response.length())), e);
        }
    }

    private static String mutated(String text, SplittableRandom random) {
        StringBuilder changed = new StringBuilder(text);
        for (int i = random.nextInt(1, 8); i > 0; i--) {
            int at = random.nextInt(changed.length() + 1);
            switch (random.nextInt(3)) {
                case 0 -> changed.insert(at, PIECES.get(random.nextInt(PIECES.size())));
                case 1 -> changed.delete(at, Math.min(changed.length(), at + random.nextInt(1, 4)));
                default -> changed.insert(at, changed.substring(at / 2, at));
            }
        }
        return changed.toString();
    }

    private static String hostile(SplittableRandom random, int longest) {
        StringBuilder text = new StringBuilder(random.nextBoolean() ? "\\boxed{" : "");
        int length = random.nextInt(1, longest);
        String repeated = PIECES.get(random.nextInt(PIECES.size()));
        boolean repeats = random.nextInt(3) == 0;
        while (text.length() < length) {
            text.append(repeats && random.nextInt(10) > 0 ? repeated : PIECES.get(random.nextInt(PIECES.size())));
        }
        return text.toString();
    }

    private static List<String> traps() {
        int n = 1_000_000;
        List<String> traps = new ArrayList<>(List.of(
                "{".repeat(n),
                "(".repeat(n),
                "\\boxed{".repeat(n / 7),
                "$".repeat(n),
                "\\frac{".repeat(n / 6),
                "9".repeat(n),
                "\\boxed{" + "9".repeat(2_500) + "}",
                "\\boxed{9^{9^{9^{9}}}}",
                "\\boxed{" + "(".repeat(1_000) + "1" + ")".repeat(1_000) + "}",
                "\\boxed{1000000!}",
                "\\boxed{" + "2^".repeat(200) + "2}",
                "\\boxed{((((99!)!)!)!)}",
                "\\boxed{" + "-".repeat(2_000) + "1}",
                "\\boxed{" + "\\sqrt{".repeat(100) + "2" + "}".repeat(100) + "}",
                "\\boxed{1e999999999}",
                "\\boxed{\\frac{1}{0}}",
                "\\boxed{" + "1,".repeat(1_400) + "1}",
                "answer is ".repeat(n / 10),
                "\\boxed{" + "\\pm ".repeat(500) + "1}",
                "\\boxed{\\binom{999999999}{99999999}}",
                " ".repeat(n) + "x",
                "\u0000".repeat(n),
                "1 ".repeat(n / 2),
                "1,".repeat(n / 2)));
        traps.add("\\boxed{" + "x^{999}+".repeat(300) + "1}");
        return traps;
    }
}
