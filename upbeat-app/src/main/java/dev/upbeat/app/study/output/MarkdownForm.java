package dev.upbeat.app.study.output;

import dev.upbeat.io.VisibleText;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A report as Markdown with GitHub's tables. Folded blocks are links to the HTML page. */
final class MarkdownForm {
    /** Width of each of the two columns, in characters. */
    private static final int COLUMN = 56;

    private final StringBuilder out = new StringBuilder();

    private MarkdownForm() {}

    static String of(StudyReport report) {
        MarkdownForm form = new MarkdownForm();
        form.line("# " + escaped(report.title()));
        form.line("");
        report.findings().forEach(form::finding);
        form.line("");
        form.fenced("sh", report.command());
        for (StudyReport.Section section : report.sections()) {
            form.line("## " + escaped(section.title()));
            form.line("");
            section.blocks().forEach(form::block);
        }
        form.line("## Provenance");
        form.line("");
        report.provenance().forEach((key, value) -> form.line("- " + escaped(key) + ": " + escaped(value)));
        return form.out.toString();
    }

    private void finding(String finding) {
        String bullet = "- ";
        for (String each : StudyReport.lines(finding)) {
            line(bullet + escaped(each));
            bullet = "  - ";
        }
    }

    private void line(String text) {
        out.append(text).append('\n');
    }

    private void fenced(String language, String text) {
        String fence = text.contains("```") ? "~~~~" : "```";
        line(fence + language);
        line(text);
        line(fence);
        line("");
    }

    private void block(Block block) {
        if (block instanceof Block.Text text) {
            line(escaped(text.text()));
            line("");
        } else if (block instanceof Block.Table table) {
            table(table);
        } else if (block instanceof Block.Figure figure) {
            line("![" + escaped(figure.alt()) + "](figures/" + figure.name() + ".svg)");
            line("");
        } else if (block instanceof Block.Fold fold) {
            line("- [" + escaped(fold.title()) + "](report.html#" + fold.id() + ")");
            line("");
        } else if (block instanceof Block.Beside beside) {
            line("**" + escaped(beside.title()) + "**");
            line("");
            fenced("text", String.join("\n", columns(beside)));
        }
    }

    private void table(Block.Table table) {
        if (!table.caption().isEmpty()) {
            line("*" + escaped(table.caption()) + "*");
            line("");
        }
        line(row(table.head().stream().map(MarkdownForm::escaped).toList()));
        List<String> rules = new ArrayList<>();
        for (int column = 0; column < table.head().size(); column++) {
            rules.add(table.isNumeric(column) ? "--:" : "---");
        }
        line(row(rules));
        for (List<Block.Cell> cells : table.rows()) {
            line(row(cells.stream().map(MarkdownForm::cell).toList()));
        }
        line("");
    }

    private static String row(List<String> cells) {
        return cells.stream().collect(Collectors.joining(" | ", "| ", " |"));
    }

    /** Links within the HTML page are dropped, because they lead nowhere in Markdown. */
    private static String cell(Block.Cell cell) {
        String text = escaped(cell.text());
        return cell.link() == null || cell.link().startsWith("#") ? text : "[" + text + "](" + cell.link() + ")";
    }

    static String escaped(String text) {
        return VisibleText.harmless(text)
                .replaceAll("([\\\\`*_\\[\\]|<>#~])", "\\\\$1")
                .replaceAll("\\R", " ");
    }

    /** Two texts in columns of monospaced characters, with a mark before the first difference. */
    private static List<String> columns(Block.Beside beside) {
        List<String> left = wrapped(marked(beside.left(), beside.common()));
        List<String> right = wrapped(marked(beside.right(), beside.common()));
        List<String> lines = new ArrayList<>();
        lines.add(padded(beside.leftTitle()) + " | " + beside.rightTitle());
        lines.add("-".repeat(COLUMN) + "-+-" + "-".repeat(COLUMN));
        for (int i = 0; i < Math.max(left.size(), right.size()); i++) {
            String l = i < left.size() ? left.get(i) : "";
            String r = i < right.size() ? right.get(i) : "";
            lines.add((padded(l) + " | " + r).stripTrailing());
        }
        return lines;
    }

    private static String marked(String text, int common) {
        return common == text.length() ? text : text.substring(0, common) + ">>>" + text.substring(common);
    }

    private static String padded(String text) {
        return text + " ".repeat(Math.max(0, COLUMN - text.codePointCount(0, text.length())));
    }

    /** Lines of at most {@link #COLUMN} characters, broken at spaces if possible. */
    private static List<String> wrapped(String text) {
        List<String> lines = new ArrayList<>();
        for (String paragraph : VisibleText.harmless(text).replace("\t", "    ").split("\\R", -1)) {
            int[] rest = paragraph.codePoints().toArray();
            int start = 0;
            while (rest.length - start > COLUMN) {
                int end = start + COLUMN;
                while (end > start && rest[end] != ' ') {
                    end--;
                }
                end = end == start ? start + COLUMN : end;
                lines.add(new String(rest, start, end - start));
                start = rest[end] == ' ' ? end + 1 : end;
            }
            lines.add(new String(rest, start, rest.length - start));
        }
        return lines;
    }
}
