package dev.upbeat.eval;

import dev.upbeat.checkpoint.Tokenizer;
import dev.upbeat.io.BadInputException;
import dev.upbeat.task.Task;
import dev.upbeat.task.countdown.Countdown;
import dev.upbeat.task.countdown.CountdownSettings;
import dev.upbeat.task.countdown.SearchWords;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The tasks by name, in the form that a model understands. */
public final class Tasks {
    public static final String COUNTDOWN = "countdown";
    public static final List<String> NAMES = List.of(COUNTDOWN);

    /** METHOD section 8, where nobody says otherwise. */
    private static final int NUMBERS = 4;

    private static final int SEARCH_NUMBERS = 3;

    private Tasks() {}

    /** @throws BadInputException where there is no such task */
    public static void requireKnown(String name) {
        if (!NAMES.contains(name)) {
            throw new BadInputException("task " + name + " is not known; expected "
                    + (NAMES.size() == 1 ? "" : "one of ") + String.join(", ", NAMES));
        }
    }

    /**
     * Countdown for a model: in its own words for one that has the vocabulary of {@link SearchWords}, else as a question.
     *
     * @param numbers of each puzzle; null for 3 in the model's own words, else 4
     * @param train training puzzles
     * @param test held-out puzzles
     * @param formatReward see {@link CountdownSettings}
     */
    public static Task countdown(
            @Nullable Integer numbers, int train, int test, double formatReward, Tokenizer tokenizer) {
        if (speaksSearch(tokenizer)) {
            int count = numbers == null ? SEARCH_NUMBERS : numbers;
            return Countdown.asSearch(new CountdownSettings(count, train, test, formatReward));
        }
        int count = numbers == null ? NUMBERS : numbers;
        return Countdown.inWords(new CountdownSettings(count, train, test, formatReward));
    }

    private static boolean speaksSearch(Tokenizer tokenizer) {
        List<String> words = SearchWords.all();
        return tokenizer.vocabularySize() == words.size()
                && IntStream.range(0, words.size())
                        .allMatch(id -> tokenizer.tokenTexts(new int[] {id}).equals(List.of(words.get(id))));
    }
}
