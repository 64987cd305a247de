package dev.upbeat.task.countdown;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.upbeat.io.BadInputException;
import dev.upbeat.io.VisibleText;
import dev.upbeat.task.TaskRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A puzzle: make the target from the numbers, each used exactly once, by + - * / and brackets.
 *
 * @param numbers in the order in which they are shown, from 0, at least two
 * @param target from 0
 */
public record Puzzle(List<Integer> numbers, int target) {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    private static final String NUMBER = "([0-9]{1,9})(?![0-9])";
    private static final Pattern SENTENCE =
            Pattern.compile("\\[([0-9]{1,9}(?:,[ ]?[0-9]{1,9})+)\\][^0-9\\[]{0,200}" + NUMBER);
    private static final Pattern WORDS = Pattern.compile("\\s*([0-9]{1,9}(?: [0-9]{1,9})+) > " + NUMBER + "\\s*");

    public Puzzle {
        numbers = List.copyOf(numbers);
        if (numbers.size() < 2 || numbers.stream().anyMatch(number -> number < 0) || target < 0) {
            throw new IllegalArgumentException("numbers " + numbers + ", target " + target
                    + ": expected two or more numbers, all of them 0 " + "or more");
        }
    }

    /** The puzzle with its numbers sorted. */
    public Puzzle sorted() {
        return new Puzzle(numbers.stream().sorted().toList(), target);
    }

    /** JSON as in data of verl and TRL: {@code {"numbers":[6,44,37],"target":75}}. */
    public String toJson() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of integers is JSON", e);
        }
    }

    /** Reads the JSON of {@link #toJson}. */
    static Puzzle ofJson(String json) {
        try {
            return JSON.readValue(json, Puzzle.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a puzzle: " + json, e);
        }
    }

    /**
     * Reads a row: {@code numbers} (or {@code nums}) and {@code target}, as columns or in its answer; else its question.
     *
     * @throws BadInputException if the row is not a puzzle
     */
    static Puzzle ofRow(TaskRow row) {
        Puzzle puzzle = ofFields(row.id(), row.fields());
        if (puzzle == null && row.answer() != null && row.answer().startsWith("{")) {
            try {
                puzzle = ofFields(row.id(), JSON.readTree(row.answer()));
            } catch (JsonProcessingException e) {
                puzzle = null; // an answer in another form: the question is read instead
            }
        }
        return puzzle == null ? ofQuestion(row.id(), row.asked()) : puzzle;
    }

    private static @Nullable Puzzle ofFields(String id, JsonNode fields) {
        JsonNode numbers = fields.path(fields.has("numbers") ? "numbers" : "nums");
        JsonNode target = fields.path("target");
        if (!numbers.isArray() || target.isMissingNode()) {
            return null;
        }
        List<Integer> read = new ArrayList<>();
        for (JsonNode number : numbers) {
            read.add(whole(number) ? number.intValue() : -1);
        }
        if (read.size() < 2 || read.contains(-1) || !whole(target)) {
            throw new BadInputException("row " + id + " gives the numbers " + shown(numbers.toString())
                    + " and the target " + shown(target.toString())
                    + "; expected two or more whole numbers and a whole target, all of them 0 or more");
        }
        return new Puzzle(read, target.intValue());
    }

    private static boolean whole(JsonNode number) {
        return number.canConvertToExactIntegral() && number.canConvertToInt() && number.intValue() >= 0;
    }

    /**
     * Reads a question: {@code Using the numbers [6, 44, 37], create an equation that equals 75. ...} or {@code 6 44 37 > 75}.
     *
     * @throws BadInputException if it has neither form
     */
    static Puzzle ofQuestion(String id, String question) {
        Matcher matcher = WORDS.matcher(question);
        if (!matcher.matches()) {
            matcher = SENTENCE.matcher(question);
            if (!matcher.find()) {
                throw new BadInputException(
                        "row " + id + " is not a Countdown puzzle: " + shown(question)
                                + "; expected \"Using the numbers [6, 44, 37], create an equation that equals 75.\" or \"6 44 37 > 75\"");
            }
        }
        List<Integer> numbers = Arrays.stream(matcher.group(1).split("[, ]+"))
                .map(Integer::valueOf)
                .toList();
        return new Puzzle(numbers, Integer.parseInt(matcher.group(2)));
    }

    private static String shown(String text) {
        return VisibleText.shortened(text, 100);
    }
}
