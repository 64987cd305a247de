package dev.upbeat.app.study.output;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A part of a section. All texts are plain: characters of Markdown and HTML are escaped. */
public sealed interface Block {
    /** A paragraph. */
    record Text(String text) implements Block {}

    /**
     * A table. Columns of numbers are aligned to the right.
     *
     * @param caption one line; empty for none
     * @param rows each with as many cells as the head
     */
    record Table(String caption, List<String> head, List<List<Cell>> rows) implements Block {
        public Table {
            head = List.copyOf(head);
            rows = rows.stream().map(List::copyOf).toList();
            for (List<Cell> row : rows) {
                if (row.size() != head.size()) {
                    throw new IllegalArgumentException(
                            "a row of " + row.size() + " cells below a head of " + head.size() + ": " + row);
                }
            }
        }

        /** Whether a column holds nothing but numbers, signs and intervals. */
        boolean isNumeric(int column) {
            return rows.stream().map(row -> row.get(column).text()).allMatch(text -> text.matches("[^\\p{L}]*"))
                    && rows.stream().anyMatch(row -> !row.get(column).text().isEmpty());
        }
    }

    /**
     * @param text shown
     * @param link relative to the study's directory, or to a place of the page (#..); null for none
     */
    record Cell(String text, @Nullable String link) {
        public static Cell of(String text) {
            return new Cell(text, null);
        }
    }

    /**
     * A picture: {@code figures/<name>.svg}.
     *
     * @param name of the file, without its ending
     * @param alt description for readers who cannot see it
     * @param svg the picture, with a root element {@code svg}
     */
    record Figure(String name, String alt, String svg) implements Block {}

    /**
     * Blocks that are hidden until the reader opens them.
     *
     * @param id of the element, to which cells link by {@code #id}; unique in the report
     */
    record Fold(String id, String title, List<Block> blocks) implements Block {
        public Fold {
            blocks = List.copyOf(blocks);
        }
    }

    /**
     * Two texts beside each other, their first difference marked.
     *
     * @param title name of the comparison
     */
    record Beside(String title, String leftTitle, String left, String rightTitle, String right) implements Block {
        /** Characters before the first word in which the two differ. */
        int common() {
            int common = 0;
            while (common < Math.min(left.length(), right.length()) && left.charAt(common) == right.charAt(common)) {
                common++;
            }
            if (common == left.length() && common == right.length()) {
                return common;
            }
            while (common > 0 && !Character.isWhitespace(left.charAt(common - 1))) {
                common--;
            }
            return common;
        }
    }
}
