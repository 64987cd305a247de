package dev.upbeat.task.qa;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the options of a question: lines that begin with A, B, C .. in this order, each followed by a period, colon or bracket. */
final class Options {
    private static final Pattern START = Pattern.compile("[ \\t]{0,20}\\(?([A-Z])[ ]?[.:)](.*)");

    private Options() {}

    /**
     * @return text by letter, in their order: the longest list of the question, the last of several; empty if there is
     *     no list of at least two
     */
    static Map<String, String> of(String question) {
        List<Map<String, String>> lists = new ArrayList<>();
        Map<String, String> list = new LinkedHashMap<>();
        String last = null;
        for (String line : question.split("\\R")) {
            Matcher start = START.matcher(line);
            String letter = start.matches() ? start.group(1) : "";
            if (letter.equals("A")) {
                list = new LinkedHashMap<>();
                lists.add(list);
            }
            if (letter.equals(Character.toString('A' + list.size())) && (letter.equals("A") || !list.isEmpty())) {
                last = letter;
                list.put(letter, start.group(2).strip());
            } else if (last != null) {
                list.merge(last, line, (text, further) -> (text + "\n" + further).strip());
            }
        }
        return lists.stream()
                .max(Comparator.<Map<String, String>>comparingInt(Map::size).thenComparingInt(lists::indexOf))
                .filter(longest -> longest.size() > 1)
                .orElse(Map.of());
    }
}
