package dev.upbeat.task.math;

import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.series.RandomStream;
import dev.upbeat.trace.Score;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Random answers, and verdicts that follow from arithmetic alone. A failure names its case of the seed. */
class VerdictPropertiesTest {
    private static final long SEED = Long.getLong("upbeat.fuzz.seed", 20_261_130);
    private static final int CASES = 400;

    private static final List<UnaryOperator<String>> WRAPPINGS = List.of(
            answer -> "\\boxed{" + answer + "}",
            answer -> "We add 3 and 4. So it is $\\boxed{" + answer + "}$.",
            answer -> "<think>Is it \\boxed{0}?</think>\n\\[\n\\boxed{ " + answer + " }\n\\]",
            answer -> "[THINK]\\boxed{1}[/THINK]The answer is $" + answer + "$.",
            answer -> "We take 3 of 4.\n\n**Final Answer:** $" + answer + "$",
            answer -> "With 3 and 4 we have at last $" + answer + "$",
            answer -> "<answer>$" + answer + "$</answer>",
            answer -> "3 + 4 is not it.\n#### " + answer,
            answer -> "$\\boxed{\\text{The answer is }" + answer + "}$");

    @Test
    void wrappingNeverChangesAVerdict() {
        for (int i = 0; i < CASES; i++) {
            SplittableRandom random = RandomStream.of(SEED, 1, i);
            String gold = answer(random);
            String response = random.nextBoolean() ? gold : answer(random);
            boolean first = right(gold, WRAPPINGS.get(0).apply(response));
            for (UnaryOperator<String> wrapping : WRAPPINGS) {
                String wrapped = wrapping.apply(response);
                assertThat(right(gold, wrapped))
                        .as("case %d: gold %s, response %s", i, gold, wrapped)
                        .isEqualTo(first);
            }
        }
    }

    @Test
    void anAnswerIsEqualToItself() {
        for (int i = 0; i < CASES; i++) {
            String gold = answer(RandomStream.of(SEED, 2, i));
            assertThat(right(gold, boxed(gold))).as("case %d: %s", i, gold).isTrue();
        }
    }

    @Test
    void verdictsOnExactAnswersAreSymmetric() {
        for (int i = 0; i < CASES; i++) {
            SplittableRandom random = RandomStream.of(SEED, 3, i);
            String a = exact(random);
            String b = random.nextInt(3) == 0 ? respelled(a) : exact(random);
            assertThat(right(a, boxed(b))).as("case %d: %s and %s", i, a, b).isEqualTo(right(b, boxed(a)));
        }
    }

    @Test
    void aFurtherDigitIsAlwaysWrong() {
        for (int i = 0; i < CASES; i++) {
            SplittableRandom random = RandomStream.of(SEED, 4, i);
            String gold = answer(random);
            int at = digit(gold, random);
            String other = gold.substring(0, at) + (char) ('1' + random.nextInt(9)) + gold.substring(at);
            assertThat(right(gold, boxed(other)))
                    .as("case %d: %s for %s", i, other, gold)
                    .isFalse();
        }
    }

    @Test
    void repeatingDecimalsEqualTheirLongDivision() {
        for (int i = 0; i < CASES; i++) {
            SplittableRandom random = RandomStream.of(SEED, 5, i);
            int below = random.nextInt(3, 60);
            int above = random.nextInt(1, 3 * below);
            List<String> forms = division(above, below);
            String fraction = "\\frac{" + above + "}{" + below + "}";
            for (String form : forms) {
                assertThat(right(fraction, boxed(form)))
                        .as("case %d: %s is %s", i, form, fraction)
                        .isTrue();
                String other = "\\frac{" + (above + 1) + "}{" + below + "}";
                assertThat(right(other, boxed(form)))
                        .as("case %d: %s is not %s", i, form, other)
                        .isFalse();
                assertThat(right(form, boxed(other)))
                        .as("case %d: %s is not %s", i, other, form)
                        .isFalse();
            }
        }
    }

    @Test
    void twoTimesAreEqualAtTheSameMinuteOnly() {
        for (int i = 0; i < CASES; i++) {
            SplittableRandom random = RandomStream.of(SEED, 6, i);
            int hour = random.nextInt(1, 7);
            int minute = random.nextInt(0, 30);
            int factor = random.nextInt(1, 4);
            String gold = time(hour, minute);
            String response = time(Math.min(12, hour * factor), minute * factor % 60);
            assertThat(right(gold, boxed(response)))
                    .as("case %d: %s and %s", i, gold, response)
                    .isEqualTo(gold.equals(response));
        }
    }

    @Test
    void aListIsNeverADecimalNumber() {
        for (int i = 0; i < CASES; i++) {
            SplittableRandom random = RandomStream.of(SEED, 7, i);
            int a = random.nextInt(1, 1_000);
            int b = random.nextInt(1, 100);
            assertThat(right(a + "," + b, boxed(a + "." + b)))
                    .as("case %d: %d and %d", i, a, b)
                    .isFalse();
            assertThat(right(a + "," + b, boxed(b + ", " + a)))
                    .as("case %d: %d and %d", i, a, b)
                    .isTrue();
            assertThat(right("\\text{won by " + a + "." + b + "}", boxed("\\text{won by " + a + b + "}")))
                    .as("case %d: %d.%d", i, a, b)
                    .isFalse();
        }
    }

    private static boolean right(String gold, String response) {
        Score score = MathVerifier.verify(gold, response);
        return score.correct();
    }

    private static String boxed(String answer) {
        return "\\boxed{" + answer + "}";
    }

    private static String answer(SplittableRandom random) {
        return switch (random.nextInt(8)) {
            case 0 -> random.nextInt(1, 100) + "." + random.nextInt(1, 10);
            case 1 -> random.nextInt(1, 10) + "," + random.nextInt(1, 100);
            case 2 -> "0.\\overline{" + (11 * random.nextInt(1, 9) + 1) + "}";
            case 3 -> time(random.nextInt(1, 13), random.nextInt(0, 60));
            case 4 -> random.nextInt(2, 100) + "\\text{ m/s}";
            default -> exact(random);
        };
    }

    private static String exact(SplittableRandom random) {
        return switch (random.nextInt(7)) {
            case 0 -> "\\frac{" + random.nextInt(1, 20) + "}{" + random.nextInt(2, 20) + "}";
            case 1 -> random.nextInt(2, 9) + "\\sqrt{" + random.nextInt(2, 9) + "}";
            case 2 -> "(" + random.nextInt(9) + ", " + random.nextInt(9) + ")";
            case 3 -> random.nextInt(2, 9) + "\\pi";
            case 4 -> "-" + random.nextInt(1, 10);
            case 5 -> random.nextInt(2, 9) + "x+" + random.nextInt(1, 9);
            default -> String.valueOf(random.nextInt(0, 5_000));
        };
    }

    private static String respelled(String answer) {
        return answer.replace("\\frac", "\\dfrac ")
                .replace("\\sqrt", "\\cdot \\sqrt ")
                .replace(", ", ",");
    }

    /** A place before a digit that is not zero: another digit there is another number. */
    private static int digit(String text, SplittableRandom random) {
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= '1' && text.charAt(i) <= '9' && text.indexOf(':') < 0) {
                places.add(i);
            }
        }
        return places.isEmpty() ? 0 : places.get(random.nextInt(places.size()));
    }

    private static String time(int hour, int minute) {
        return String.format(Locale.ROOT, "%d:%02d", hour, minute);
    }

    /** The digits of a quotient, and its period in brackets and under a bar; empty if it ends. */
    private static List<String> division(int above, int below) {
        List<Integer> remainders = new ArrayList<>();
        StringBuilder digits = new StringBuilder();
        int remainder = above % below;
        while (remainder != 0 && !remainders.contains(remainder)) {
            remainders.add(remainder);
            digits.append(10 * remainder / below);
            remainder = 10 * remainder % below;
        }
        if (remainder == 0) {
            return List.of();
        }
        int start = remainders.indexOf(remainder);
        String whole = BigInteger.valueOf(above / below) + "." + digits.substring(0, start);
        String period = digits.substring(start);
        return List.of(
                whole + "\\overline{" + period + "}",
                whole + "(" + period + ")",
                whole + period + period + period + "\\ldots",
                whole + "\\overline{" + period + period + "}");
    }
}
