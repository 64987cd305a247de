package dev.upbeat.app.query;

import com.fasterxml.jackson.databind.JsonNode;
import dev.upbeat.io.VisibleText;
import dev.upbeat.store.ResultText;
import dev.upbeat.store.SqlValue;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Prints a result as a table: numbers are aligned to the right, everything else to the left. The first rows set the
 * column widths, so that a large result streams; a longer value further down only moves the end of its line. picocli's
 * TextTable keeps all rows, has no right alignment and interprets {@code @|markup|@} in values.
 */
final class ResultTable {
    private static final int ROWS_THAT_SET_WIDTHS = 1_000;
    private static final int LONGEST_CELL = 60;
    private static final int SHOWN_OF_A_LIST = 4;

    private final Appendable out;
    private final List<String> names;
    private final int[] widths;
    private final List<Cell[]> waiting = new ArrayList<>();

    private record Cell(String text, boolean toTheRight) {
        int width() {
            return TextWidth.columns(text);
        }
    }

    private ResultTable(Appendable out, List<String> names) {
        this.out = out;
        this.names = names;
        widths = new int[names.size()];
    }

    static void write(ResultSet result, Appendable out) throws SQLException, IOException {
        ResultTable table = new ResultTable(out, ResultText.columnNames(result));
        long rows = 0;
        for (; result.next(); rows++) {
            if (rows == ROWS_THAT_SET_WIDTHS) {
                table.printHeadAndWaiting();
            }
            Cell[] cells = new Cell[table.names.size()];
            for (int i = 0; i < cells.length; i++) {
                cells[i] = cell(SqlValue.json(result.getObject(i + 1)));
            }
            if (rows < ROWS_THAT_SET_WIDTHS) {
                table.waiting.add(cells);
            } else {
                table.print(cells);
            }
        }
        if (rows <= ROWS_THAT_SET_WIDTHS) {
            table.printHeadAndWaiting();
        }
        out.append(rows == 1 ? "(1 row)\n" : "(" + rows + " rows)\n");
    }

    private static Cell cell(JsonNode value) {
        if (value.isNull()) {
            return new Cell("NULL", false);
        }
        return new Cell(TextWidth.shorten(VisibleText.of(shortText(value)), LONGEST_CELL), value.isNumber());
    }

    private static String shortText(JsonNode value) {
        if (!value.isArray() || value.size() <= SHOWN_OF_A_LIST) {
            return ResultText.text(value);
        }
        StringBuilder start = new StringBuilder("[");
        for (int i = 0; i < SHOWN_OF_A_LIST; i++) {
            start.append(value.get(i)).append(", ");
        }
        return TextWidth.shorten(start.toString(), LONGEST_CELL - 20) + "... " + value.size() + " in all]";
    }

    private void printHeadAndWaiting() throws IOException {
        Cell[] head = names.stream()
                .map(name -> new Cell(VisibleText.of(name), false))
                .toArray(Cell[]::new);
        for (int i = 0; i < widths.length; i++) {
            widths[i] = head[i].width();
            for (Cell[] row : waiting) {
                widths[i] = Math.max(widths[i], row[i].width());
            }
        }
        print(head);
        out.append(String.join(
                        "-+-", Arrays.stream(widths).mapToObj("-"::repeat).toList()))
                .append('\n');
        for (Cell[] row : waiting) {
            print(row);
        }
        waiting.clear();
    }

    private void print(Cell[] cells) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.length; i++) {
            String padding = " ".repeat(Math.max(0, widths[i] - cells[i].width()));
            line.append(i == 0 ? "" : " | ");
            line.append(cells[i].toTheRight() ? padding + cells[i].text() : cells[i].text() + padding);
        }
        out.append(line.toString().stripTrailing()).append('\n');
    }
}
