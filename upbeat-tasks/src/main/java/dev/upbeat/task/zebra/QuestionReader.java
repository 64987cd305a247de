package dev.upbeat.task.zebra;

import dev.upbeat.io.BadInputException;
import dev.upbeat.io.VisibleText;
import dev.upbeat.task.zebra.Attribute.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the puzzle from a question in the published wording. A clue is read only if exactly one reading fits it word for
 * word, ignoring case; the message that rejects a question lists all other lines.
 */
final class QuestionReader {
    private static final Pattern HOUSES =
            Pattern.compile("There are ([2-6]) houses, numbered 1 to \\1 from left to right");
    private static final Pattern ATTRIBUTE = Pattern.compile("- ([^:`]+): (`[^`]+`(?:, ?`[^`]+`)*)\\.?");
    private static final Pattern WORD = Pattern.compile("`([^`]+)`");
    private static final Pattern NUMBERED = Pattern.compile("[0-9]{1,3}\\. (.+)\\.");

    private static final String CLUES = "## Clues:";
    private static final int LONGEST_QUESTION = 20_000;
    private static final int LONGEST_SHOWN = 120;
    private static final int MOST_SHOWN = 20;

    private final List<Attribute> attributes = new ArrayList<>();
    private final Map<String, Integer> values = new HashMap<>(); // phrase in lower case -> number
    private final List<Clue> clues = new ArrayList<>();
    private final List<String> unread = new ArrayList<>();

    private QuestionReader() {}

    /** @throws BadInputException if it is not such a question, or some of its lines, which the message names, cannot be read */
    static ZebraPuzzle read(String id, String question) {
        int start = question.indexOf(CLUES);
        Matcher houses = HOUSES.matcher(question);
        if (start < 0 || question.length() > LONGEST_QUESTION || !houses.find() || houses.start() > start) {
            throw new BadInputException("row " + id + " is not a ZebraLogic puzzle: " + shown(question)
                    + "; expected \"There are 4 houses, numbered 1 to 4 from left to right ..\", a line for each attribute"
                    + " and \"" + CLUES + "\" with numbered clues");
        }
        QuestionReader reader = new QuestionReader();
        int count = Integer.parseInt(houses.group(1));
        question.substring(houses.start(), start).lines().skip(1).forEach(line -> reader.addAttribute(line, count));
        question.substring(start + CLUES.length()).lines().forEach(line -> reader.addClue(line));
        return reader.puzzle(id);
    }

    private ZebraPuzzle puzzle(String id) {
        if (!unread.isEmpty()) {
            String shown = String.join("; ", unread.subList(0, Math.min(MOST_SHOWN, unread.size())));
            String more = unread.size() > MOST_SHOWN ? "; and " + (unread.size() - MOST_SHOWN) + " more" : "";
            throw new BadInputException("row " + id + ": cannot read " + unread.size()
                    + " of its lines (docs/zebralogic.md has the forms of clues), so give its solution as answer: "
                    + shown + more);
        }
        if (attributes.isEmpty() || clues.isEmpty()) {
            throw new BadInputException("row " + id + " has " + attributes.size() + " attributes and " + clues.size()
                    + " clues; expected at least one of each");
        }
        return new ZebraPuzzle(attributes, clues);
    }

    private void addAttribute(String line, int houses) {
        if (line.isBlank()) {
            return;
        }
        Matcher matcher = ATTRIBUTE.matcher(line.strip());
        Attribute known = matcher.matches() ? Vocabulary.introducedBy(matcher.group(1)) : null;
        if (known == null || attributes.stream().anyMatch(other -> other.name().equals(known.name()))) {
            unread.add(shown(line));
            return;
        }
        List<Value> listed = new ArrayList<>();
        for (Matcher word = WORD.matcher(matcher.group(2)); word.find(); ) {
            known.values().stream()
                    .filter(value -> value.word().equals(word.group(1)))
                    .forEach(listed::add);
        }
        long words = WORD.matcher(matcher.group(2)).results().count();
        if (words != houses || listed.stream().distinct().count() != houses) {
            unread.add(shown(line));
            return;
        }
        for (Value value : listed) {
            values.put(value.phrase().toLowerCase(Locale.ROOT), values.size());
        }
        attributes.add(new Attribute(known.name(), known.sentence(), listed));
    }

    private void addClue(String line) {
        if (line.isBlank()) {
            return;
        }
        Matcher matcher = NUMBERED.matcher(line.strip());
        List<Clue> readings = new ArrayList<>();
        if (matcher.matches()) {
            for (ClueKind kind : ClueKind.values()) {
                addReadings(kind, matcher.group(1).toLowerCase(Locale.ROOT), readings);
            }
        }
        if (readings.size() == 1) {
            clues.add(readings.get(0));
        } else {
            unread.add(shown(line));
        }
    }

    /** Adds every way to cut the sentence into the two parts of the kind. */
    private void addReadings(ClueKind kind, String sentence, List<Clue> readings) {
        String[] form = kind.form().toLowerCase(Locale.ROOT).split("%s", -1);
        if (!sentence.startsWith(form[0]) || !sentence.endsWith(form[2])) {
            return;
        }
        int end = sentence.length() - form[2].length();
        for (int at = sentence.indexOf(form[1], form[0].length());
                at >= 0 && at + form[1].length() <= end;
                at = sentence.indexOf(form[1], at + 1)) {
            Integer first = values.get(sentence.substring(form[0].length(), at));
            Integer second = second(kind, sentence.substring(at + form[1].length(), end));
            if (first != null && second != null) {
                readings.add(new Clue(kind, first, second));
            }
        }
    }

    private @Nullable Integer second(ClueKind kind, String text) {
        if (!kind.namesHouse()) {
            return values.get(text);
        }
        int house = ZebraPuzzle.ORDINALS.indexOf(text);
        return house >= 0 && house < attributes.get(0).values().size() ? house : null;
    }

    private static String shown(String text) {
        return VisibleText.shortened(text.strip(), LONGEST_SHOWN);
    }
}
