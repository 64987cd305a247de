package dev.upbeat.task.zebra;

import dev.upbeat.task.zebra.AnswerReader.Found;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds grids as tables of lines with {@code |} or {@code │} between cells, as Markdown and terminals have them. Lines without
 * letters and digits are rules, not rows.
 */
final class TableGrids {
    private TableGrids() {}

    /** Grids of a text, in the order of their beginnings; in time linear in the text. */
    static List<Found> find(String text) {
        List<Found> found = new ArrayList<>();
        List<List<String>> rows = new ArrayList<>();
        int beginning = 0;
        for (int start = 0; start < text.length(); ) {
            int end = text.indexOf('\n', start);
            end = end < 0 ? text.length() : end;
            String line = text.substring(start, end).strip().replace('│', '|').replace('║', '|');
            if (line.isEmpty() || (line.indexOf('|') < 0 && hasWords(line))) {
                add(rows, beginning, found);
                rows.clear();
            } else if (hasWords(line)) {
                beginning = rows.isEmpty() ? start : beginning;
                rows.add(row(line));
            }
            start = end + 1;
        }
        add(rows, beginning, found);
        return found;
    }

    private static void add(List<List<String>> rows, int beginning, List<Found> found) {
        if (rows.size() > 1) {
            Cells cells = Cells.ofTable(rows);
            if (!cells.isEmpty()) {
                found.add(new Found(beginning, cells));
            }
        }
    }

    private static boolean hasWords(String line) {
        return line.codePoints().anyMatch(Character::isLetterOrDigit);
    }

    private static List<String> row(String line) {
        int from = line.startsWith("|") ? 1 : 0;
        int to = line.endsWith("|") && line.length() > from ? line.length() - 1 : line.length();
        return Arrays.stream(line.substring(from, to).split("\\|", -1))
                .map(String::strip)
                .toList();
    }
}
