package dev.upbeat.task.zebra;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A puzzle in the published form: N houses in a row, M attributes of N values each, and clues.
 *
 * @param attributes with the values of this puzzle, in the order of its lists
 */
record ZebraPuzzle(List<Attribute> attributes, List<Clue> clues) {
    static final List<String> ORDINALS = List.of("first", "second", "third", "fourth", "fifth", "sixth");

    ZebraPuzzle {
        attributes = List.copyOf(attributes);
        clues = List.copyOf(clues);
    }

    /** Number of houses, N. */
    int houses() {
        return attributes.get(0).values().size();
    }

    /** The value with a number, counted as in {@link Clue}. */
    String phrase(int value) {
        return attributes.get(value / houses()).values().get(value % houses()).phrase();
    }

    /** The whole question, with a line break after its last clue as in the published ones. */
    String question() {
        StringBuilder text = new StringBuilder();
        text.append("There are ")
                .append(houses())
                .append(" houses, numbered 1 to ")
                .append(houses());
        text.append(
                " from left to right, as seen from across the street. Each house is occupied by a different person.");
        text.append(" Each house has a unique attribute for each of the following characteristics:\n");
        for (Attribute attribute : attributes) {
            List<String> words = attribute.values().stream()
                    .map(value -> "`" + value.word() + "`")
                    .toList();
            text.append(" - ").append(attribute.sentence()).append(": ");
            text.append(String.join(", ", words)).append('\n');
        }
        text.append("\n## Clues:\n");
        for (int i = 0; i < clues.size(); i++) {
            text.append(i + 1).append(". ").append(sentence(clues.get(i))).append('\n');
        }
        return text.toString();
    }

    /** A clue as one English sentence with its period. */
    String sentence(Clue clue) {
        String second = clue.kind().namesHouse() ? ORDINALS.get(clue.second()) : phrase(clue.second());
        String text = String.format(Locale.ROOT, clue.kind().form(), phrase(clue.first()), second);
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1) + ".";
    }

    /** @param houseOf the house of each value, from 0 */
    Grid grid(int[] houseOf) {
        List<List<String>> rows = new ArrayList<>();
        for (int house = 0; house < houses(); house++) {
            List<String> row = new ArrayList<>();
            for (int value = 0; value < houseOf.length; value++) {
                if (houseOf[value] == house) {
                    row.add(attributes
                            .get(value / houses())
                            .values()
                            .get(value % houses())
                            .word());
                }
            }
            rows.add(row);
        }
        return new Grid(attributes.stream().map(Attribute::name).toList(), rows);
    }
}
