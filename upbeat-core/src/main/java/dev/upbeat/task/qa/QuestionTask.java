package dev.upbeat.task.qa;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.upbeat.task.Asking;
import dev.upbeat.task.Problem;
import dev.upbeat.task.Task;
import dev.upbeat.task.TaskRow;
import dev.upbeat.task.math.MathVerifier;
import dev.upbeat.trace.Score;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Questions with options, or with a short free answer, as CrossThink-QA has them (arXiv 2504.13941). An option is named by its
 * letter, or told by its text; where both are given, the letter counts. A free answer is right where it is the expected text
 * but for case, white space, articles and the marks around it, or the same value.
 */
public final class QuestionTask implements Task {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int LONGEST_SHOWN = 200;

    /** Longer ones are no short answers, and are not looked into. */
    private static final int LONGEST_ANSWER = 10_000;

    /** A letter and what may follow it; a space alone is not enough, for "A tariff" names no option. */
    private static final Pattern NAMED = Pattern.compile("(?s)(?:(?i:option|choice|answer) )?[(\\[*]{0,3}([A-Z])"
            + "(?:[*)\\].:,;]{1,3}|\\s{1,3}[-–—:=(]|\\s{1,3}(?:because|since|as|and)\\b|$).*");

    private final String name;
    private final Asking asking;

    public QuestionTask(String name, Asking asking) {
        this.name = name;
        this.asking = asking;
    }

    /**
     * What verdicts are found by.
     *
     * @param answer the right letter, or the right text where there are no options
     * @param options text by letter; empty for a free answer
     */
    private record Gold(String answer, Map<String, String> options) {
        String text() {
            return text(answer);
        }

        String text(String letter) {
            return options.getOrDefault(letter, letter);
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
        String letter = letter(answer, options);
        Gold gold = letter == null ? new Gold(answer, Map.of()) : new Gold(letter, options);
        try {
            return asking.problem(row, JSON.writeValueAsString(gold));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of texts is JSON", e);
        }
    }

    @Override
    public Score verify(Problem problem, String response) {
        Gold gold = gold(problem);
        String answer = ShortAnswer.of(response);
        if (answer == null) {
            return score(false, null, "no answer: the response is empty");
        }
        if (answer.length() > LONGEST_ANSWER) {
            return score(false, answer, "the answer has " + answer.length() + " characters, which is no short one");
        }
        if (gold.options().isEmpty()) {
            boolean right = same(gold.answer(), answer);
            return score(right, answer, right ? "right" : "the answer is not " + shown(gold.answer()));
        }
        String letter = letter(answer, gold.options());
        if (letter != null) {
            boolean right = letter.equals(gold.answer()) || same(gold.text(), gold.text(letter), false);
            return score(right, answer, right ? "right" : "the answer is " + letter + "; expected " + gold.answer());
        }
        boolean right = same(gold.text(), answer);
        return score(right, answer, right ? "right" : "the answer is neither " + gold.answer() + " nor its text");
    }

    private static Gold gold(Problem problem) {
        try {
            return JSON.readValue(problem.answer(), Gold.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("problem " + problem.id() + " is not of this task", e);
        }
    }

    /** The option that an answer names; null where it names none. */
    private static @Nullable String letter(String answer, Map<String, String> options) {
        String bare = ShortAnswer.bare(answer);
        if (bare.length() == 1) {
            String upper = bare.toUpperCase(Locale.ROOT);
            return options.containsKey(upper) ? upper : null;
        }
        String normal = ShortAnswer.normal(answer);
        // An option's text may begin like a letter of its own: "A priori".
        for (Map.Entry<String, String> option : options.entrySet()) {
            if (ShortAnswer.normal(option.getValue()).equals(normal)) {
                return option.getKey();
            }
        }
        for (String text : new String[] {answer.strip(), bare}) {
            Matcher named = NAMED.matcher(text);
            if (named.matches() && options.containsKey(named.group(1))) {
                return named.group(1);
            }
        }
        return null;
    }

    private static boolean same(String gold, String answer) {
        return same(gold, answer, true);
    }

    private static boolean same(String gold, String answer, boolean byValue) {
        return ShortAnswer.normal(gold).equals(ShortAnswer.normal(answer))
                || (byValue
                        && MathVerifier.verify(gold, "\\boxed{" + answer + "}").correct());
    }

    private static Score score(boolean right, @Nullable String answer, String reason) {
        double reward = right ? 1 : 0;
        return new Score(reward, Map.of(Score.CORRECT, reward), answer == null ? null : shown(answer), reason);
    }

    private static String shown(String answer) {
        return answer.length() <= LONGEST_SHOWN ? answer : answer.substring(0, LONGEST_SHOWN) + " ..";
    }
}
