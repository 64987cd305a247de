package dev.upbeat.task.qa;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.upbeat.io.VisibleText;
import dev.upbeat.task.AnswerText;
import dev.upbeat.task.Problem;
import dev.upbeat.task.Prompting;
import dev.upbeat.task.Task;
import dev.upbeat.task.TaskRow;
import dev.upbeat.task.math.MathVerifier;
import dev.upbeat.trace.Score;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Questions with options or with a short free answer, as in CrossThink-QA (arXiv 2504.13941). An answer names an option by its
 * letter or its text; if it gives both, the letter counts. An answer with several options is right only if the row's answer names
 * the same ones. A free answer is right if it has the expected value or is the expected text, ignoring case, white space, articles
 * and the marks around it. Only the text after the thinking is read.
 */
public final class QuestionTask implements Task {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int LONGEST_SHOWN = 200;

    /** Longer answers are not short answers and are not read. */
    private static final int LONGEST_ANSWER = 10_000;

    private final String name;
    private final Prompting prompting;

    public QuestionTask(String name, Prompting prompting) {
        this.name = name;
        this.prompting = prompting;
    }

    /**
     * The right answer of a problem.
     *
     * @param answer of the row
     * @param letters of the right options; empty for a free answer
     * @param options text by letter; empty for a free answer
     */
    private record Gold(String answer, Set<String> letters, Map<String, String> options) {
        /** Text of the only right option. */
        String text() {
            return options.getOrDefault(letters.iterator().next(), answer);
        }

        /** Whether an answer names these options, or options with the same texts. */
        boolean isNamedBy(Set<String> named) {
            return letters.equals(named) || texts(letters).equals(texts(named));
        }

        private Set<String> texts(Set<String> chosen) {
            return chosen.stream()
                    .map(letter -> ShortAnswer.normal(options.getOrDefault(letter, letter)))
                    .collect(Collectors.toSet());
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Problem problem(TaskRow row) {
        Map<String, String> options = Options.of(row.asked());
        String answer = row.requiredAnswer().strip();
        Set<String> letters = new TreeSet<>(NamedOptions.of(answer, options));
        Gold gold = new Gold(answer, letters, letters.isEmpty() ? Map.of() : options);
        try {
            return prompting.problem(row, JSON.writeValueAsString(gold));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of texts is JSON", e);
        }
    }

    @Override
    public Score verify(Problem problem, String response) {
        Objects.requireNonNull(problem, "problem");
        Objects.requireNonNull(response, "response");
        Gold gold = gold(problem);
        String after = AnswerText.of(response);
        if (after == null) {
            return score(false, null, "no answer: the response ends inside its thinking");
        }
        String marked = ShortAnswer.marked(after);
        return verdict(gold, response, after, marked == null ? ShortAnswer.lastLine(after) : marked)
                .markedIf(marked != null);
    }

    /** @param after text after the thinking */
    private static Score verdict(Gold gold, String response, String after, @Nullable String answer) {
        if (answer == null) {
            return score(
                    false,
                    null,
                    "no answer: there is no text "
                            + (after.length() == response.length() ? "in the response" : "after the thinking"));
        }
        if (answer.length() > LONGEST_ANSWER) {
            return score(false, answer, "the answer has " + answer.length() + " characters, too many for a short one");
        }
        if (gold.options().isEmpty()) {
            boolean right = same(gold.answer(), answer);
            return score(right, answer, right ? "right" : "the answer is not " + shown(gold.answer()));
        }
        String expected = String.join(", ", gold.letters());
        Set<String> named = NamedOptions.of(answer, gold.options());
        if (!named.isEmpty()) {
            boolean right = gold.isNamedBy(named);
            String given = String.join(", ", new TreeSet<>(named));
            return score(right, answer, right ? "right" : "the answer is " + given + "; expected " + expected);
        }
        boolean right = gold.letters().size() == 1 && same(gold.text(), answer);
        return score(right, answer, right ? "right" : "the answer is neither " + expected + " nor its text");
    }

    private static Gold gold(Problem problem) {
        try {
            return JSON.readValue(problem.answer(), Gold.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("problem " + problem.id() + " is not of this task", e);
        }
    }

    private static boolean same(String gold, String answer) {
        return ShortAnswer.normal(gold).equals(ShortAnswer.normal(answer))
                || MathVerifier.verify(gold, "\\boxed{" + answer + "}").correct();
    }

    private static Score score(boolean right, @Nullable String answer, String reason) {
        return Score.of(right, answer == null ? null : shown(answer), reason);
    }

    private static String shown(String answer) {
        return VisibleText.shortened(answer, LONGEST_SHOWN);
    }
}
