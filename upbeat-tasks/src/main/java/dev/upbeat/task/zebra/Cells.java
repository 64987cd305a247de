package dev.upbeat.task.zebra;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Values of cells as a text gives them, complete or not. Of two values for a cell the last counts. */
final class Cells {
    private static final List<String> HOUSE_COLUMNS = List.of("house", "houses", "housenumber", "houseno");

    private final Map<Integer, Map<String, Cell>> houses = new TreeMap<>();

    private record Cell(String attribute, String value) {}

    /** @param house from 1; 0 means no house, and the value is ignored */
    void put(int house, String attribute, String value) {
        String key = ComparableText.of(attribute);
        if (house > 0 && !key.isEmpty() && !HOUSE_COLUMNS.contains(key)) {
            houses.computeIfAbsent(house, h -> new LinkedHashMap<>()).put(key, new Cell(attribute, value));
        }
    }

    /** The value as written; null if there is none. The attribute's spelling may differ as {@link ComparableText} allows. */
    @Nullable
    String value(int house, String attribute) {
        Cell cell = houses.getOrDefault(house, Map.of()).get(ComparableText.of(attribute));
        return cell == null ? null : cell.value();
    }

    boolean isEmpty() {
        return houses.isEmpty();
    }

    /** The numbers of the houses that have any cell, ascending. */
    List<Integer> houses() {
        return List.copyOf(houses.keySet());
    }

    /** The attributes of a house as written. */
    List<String> attributes(int house) {
        return houses.getOrDefault(house, Map.of()).values().stream()
                .map(Cell::attribute)
                .toList();
    }

    /** One line, {@code House 1: Name = Eric, Pet = dog; House 2: ..}. */
    @Override
    public String toString() {
        return houses.entrySet().stream()
                .map(house -> "House " + house.getKey() + ": "
                        + house.getValue().values().stream()
                                .map(cell -> cell.attribute() + " = " + cell.value())
                                .collect(Collectors.joining(", ")))
                .collect(Collectors.joining("; "));
    }

    /**
     * Reads a table, a house a row (its number in the column called House, else in the first) or a house a column (its number
     * in the head, the attribute in the first column).
     *
     * @param rows of cells, the head first
     * @return empty if the table has neither form
     */
    static Cells ofTable(List<List<String>> rows) {
        Cells cells = new Cells();
        List<String> head = rows.get(0);
        int houseColumn = 0;
        for (int column = head.size() - 1; column >= 0; column--) {
            houseColumn = HOUSE_COLUMNS.contains(ComparableText.of(head.get(column))) ? column : houseColumn;
        }
        boolean turned = head.size() > 1 && head.stream().skip(1).allMatch(cell -> ComparableText.house(cell) > 0);
        for (List<String> row : rows.subList(1, rows.size())) {
            for (int column = 0; column < Math.min(head.size(), row.size()); column++) {
                if (turned && column > 0) {
                    cells.put(ComparableText.house(head.get(column)), row.get(0), row.get(column));
                } else if (!turned && houseColumn < row.size()) {
                    cells.put(ComparableText.house(row.get(houseColumn)), head.get(column), row.get(column));
                }
            }
        }
        return cells;
    }
}
