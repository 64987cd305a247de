package dev.upbeat.task.zebra;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.upbeat.io.BadInputException;
import dev.upbeat.io.VisibleText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A complete solution.
 *
 * @param attributes their names, [M]
 * @param houses the value of each attribute, [N][M]
 */
record Grid(List<String> attributes, List<List<String>> houses) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int LONGEST_SHOWN = 100;

    Grid {
        attributes = List.copyOf(attributes);
        houses = houses.stream().map(List::copyOf).toList();
    }

    /**
     * Reads the answer of a row, in any of the forms of {@link JsonGrids}.
     *
     * @throws BadInputException if it is not a complete solution: houses 1 to N, each with a value for every attribute and no
     *     value twice
     */
    static Grid ofAnswer(String id, String answer) {
        Cells cells = JsonGrids.whole(answer);
        if (cells == null) {
            throw new BadInputException("row " + id + ": the answer " + shown(answer)
                    + " is not a grid; expected JSON such as {\"House 1\": {\"Name\": \"Eric\", ..}, ..} or {\"header\":"
                    + " [\"House\", \"Name\", ..], \"rows\": [[\"1\", \"Eric\", ..], ..]}");
        }
        List<String> attributes = cells.attributes(cells.houses().get(0));
        List<List<String>> houses = new ArrayList<>();
        for (int house : cells.houses()) {
            if (house != houses.size() + 1) {
                throw new BadInputException("row " + id + ": the answer has the houses " + cells.houses()
                        + "; expected 1 to N without gaps");
            }
            List<String> row = new ArrayList<>();
            for (String attribute : attributes) {
                String value = cells.value(house, attribute);
                if (value == null || value.isBlank() || value.matches("_+")) {
                    throw new BadInputException("row " + id + ": the answer gives House " + house + " no " + attribute
                            + "; expected the whole solution");
                }
                row.add(value);
            }
            if (cells.attributes(house).size() != attributes.size()) {
                throw new BadInputException(
                        "row " + id + ": the answer gives House " + house + " " + cells.attributes(house)
                                + " but House 1 " + attributes + "; expected the same for every house");
            }
            houses.add(row);
        }
        Grid grid = new Grid(attributes, houses);
        grid.requireDistinct(id);
        return grid;
    }

    private void requireDistinct(String id) {
        for (int a = 0; a < attributes.size(); a++) {
            if (!distinct(a, Grid::plain)) {
                throw new BadInputException("row " + id + ": the answer has the same " + attributes.get(a)
                        + " in two houses; expected different ones");
            }
        }
    }

    /** {@code {"House 1":{"Name":"Eric"}}}: the form that prompts ask for. */
    String toJson() {
        ObjectNode json = JSON.createObjectNode();
        for (int house = 0; house < houses.size(); house++) {
            ObjectNode row = json.putObject("House " + (house + 1));
            for (int a = 0; a < attributes.size(); a++) {
                row.put(attributes.get(a), houses.get(house).get(a));
            }
        }
        return json.toString();
    }

    int size() {
        return houses.size() * attributes.size();
    }

    /** Number of cells of this grid that have a value. */
    int filled(Cells cells) {
        int filled = 0;
        for (int house = 0; house < houses.size(); house++) {
            for (String attribute : attributes) {
                String value = cells.value(house + 1, attribute);
                filled += value == null || value.isBlank() || value.matches("[_?. -]+") ? 0 : 1;
            }
        }
        return filled;
    }

    /** @return for every cell whether it is right, [N][M] */
    boolean[][] right(Cells cells) {
        boolean[][] right = new boolean[houses.size()][attributes.size()];
        for (int a = 0; a < attributes.size(); a++) {
            // Punctuation counts only if two values differ in nothing else: C++ and C#.
            UnaryOperator<String> form = distinct(a, ComparableText::of) ? ComparableText::of : Grid::plain;
            for (int house = 0; house < houses.size(); house++) {
                String given = cells.value(house + 1, attributes.get(a));
                right[house][a] = given != null
                        && form.apply(given).equals(form.apply(houses.get(house).get(a)));
            }
        }
        return right;
    }

    /** The first wrong cell, in words; null if all are right. */
    @Nullable
    String fault(Cells cells) {
        boolean[][] right = right(cells);
        for (int house = 0; house < houses.size(); house++) {
            for (int a = 0; a < attributes.size(); a++) {
                if (!right[house][a]) {
                    String given = Objects.requireNonNullElse(cells.value(house + 1, attributes.get(a)), "nothing");
                    return "House " + (house + 1) + " has the " + attributes.get(a) + " " + shown(given) + ", expected "
                            + houses.get(house).get(a);
                }
            }
        }
        return null;
    }

    /** Whether all houses differ in the attribute, and none is empty, in this form. */
    private boolean distinct(int attribute, UnaryOperator<String> form) {
        Set<String> values = new HashSet<>(Set.of(""));
        return houses.stream().allMatch(house -> values.add(form.apply(house.get(attribute))));
    }

    private static String plain(String text) {
        return text.strip().toLowerCase(Locale.ROOT);
    }

    private static String shown(String text) {
        return VisibleText.shortened(text.strip(), LONGEST_SHOWN);
    }
}
