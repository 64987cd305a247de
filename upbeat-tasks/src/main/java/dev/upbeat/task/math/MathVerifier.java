package dev.upbeat.task.math;

import dev.upbeat.io.VisibleText;
import dev.upbeat.trace.Score;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Verifies answers to mathematical problems. {@link Extraction} finds the answer in a response, {@link Answer} parses it, and
 * {@link Equivalence} compares it with the right one: exactly over the rationals; formulas with roots, constants and variables
 * by their values at several points, with known rounding errors.
 */
public final class MathVerifier {
    /** Longer texts are read only at their end. */
    private static final int LONGEST = 200_000;

    private static final int LONGEST_SHOWN = 200;

    private MathVerifier() {}

    /**
     * Returns the verdict on one response, in bounded time and memory for any texts. Throws no exception unless an
     * argument is null.
     *
     * @param gold the right answer as a data set gives it: plain text, LaTeX, or a solution that ends in {@code \boxed{}}
     * @param response the text after the prompt, special tokens left out
     */
    public static Score verify(String gold, String response) {
        Objects.requireNonNull(gold, "gold");
        Objects.requireNonNull(response, "response");
        return verify(gold, response, new Budget());
    }

    /** @param budget of steps for the comparison */
    static Score verify(String gold, String response, Budget budget) {
        String end = response.length() <= LONGEST ? response : response.substring(response.length() - LONGEST);
        String right = goldAnswer(gold);
        if (right.isBlank()) {
            return score(false, null, "undecided: the gold answer is empty");
        }
        Answer expected = Answer.of(right);
        Extraction.Found found = Extraction.find(end);
        String letter = Choices.letter(right);
        if (letter != null) {
            String chosen = Choices.chosen(end, right, letter);
            if (chosen != null) {
                return score(chosen.equals(letter), chosen, "the choice is " + chosen)
                        .markedIf(found != null && found.marked());
            }
        }
        if (found == null || found.text().isBlank()) {
            return score(false, null, "no answer found");
        }
        return compare(expected, found, budget).markedIf(found.marked());
    }

    private static String goldAnswer(String gold) {
        if (gold.length() <= StatementParser.LONGEST
                && !gold.contains("\\boxed")
                && !Answer.of(gold).readings().isEmpty()) {
            return gold;
        }
        String end = gold.length() <= LONGEST ? gold : gold.substring(gold.length() - LONGEST);
        boolean solution =
                end.contains("\\boxed") || end.contains("####") || end.length() > 200 || end.contains("answer is");
        Extraction.Found found = solution ? Extraction.find(end) : null;
        return found == null ? end : found.text();
    }

    private static Score compare(Answer expected, Extraction.Found found, Budget budget) {
        Answer answer = Answer.of(found.text()).beside(expected);
        String place = " (" + found.source() + ")";
        if (!expected.words().isEmpty() && expected.cleaned().equals(answer.cleaned())) {
            return score(true, found.text(), "the same text" + place);
        }
        if (Words.isWord(expected) || Words.isWord(answer)) {
            if (Words.same(expected, answer)) {
                return score(true, found.text(), "the same words" + place);
            }
            if (Words.isText(expected) && Words.isText(answer)) {
                return score(false, found.text(), "other words" + place);
            }
        }
        if (answer.readings().isEmpty() || expected.readings().isEmpty()) {
            boolean same = Words.same(expected, answer);
            String fault = expected.readings().isEmpty() ? "the gold " + expected.fault() : answer.fault();
            return score(same, found.text(), same ? "the same words" + place : "undecided: " + fault);
        }
        return byMeaning(expected, answer, found.text(), place, budget);
    }

    private static Score byMeaning(Answer expected, Answer answer, String text, String place, Budget budget) {
        Equivalence equivalence = new Equivalence(budget);
        String undecided = "";
        for (int i = 0; i < expected.readings().size(); i++) {
            // a second reading is compared with first readings only: 1,000 and 1,001 are not the lists (1, 0) and (1,
            // 1)
            int most = i == 0 ? answer.readings().size() : 1;
            for (int j = 0; j < most; j++) {
                try {
                    if (equivalence.same(
                            expected.readings().get(i), answer.readings().get(j))) {
                        return score(true, text, "right" + place);
                    }
                } catch (Undecided e) {
                    undecided = "undecided: " + e.getMessage();
                }
            }
        }
        if (!undecided.isEmpty() && Words.same(expected, answer)) {
            return score(true, text, "the same words" + place);
        }
        return score(false, text, undecided.isEmpty() ? "another answer" + place : undecided);
    }

    private static Score score(boolean right, @Nullable String parsed, String reason) {
        return Score.of(right, parsed == null ? null : VisibleText.shortened(parsed, LONGEST_SHOWN), reason);
    }
}
