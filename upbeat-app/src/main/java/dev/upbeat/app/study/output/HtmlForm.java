package dev.upbeat.app.study.output;

import dev.upbeat.app.report.Resources;
import dev.upbeat.io.VisibleText;
import java.util.List;

/** A report as one HTML file without scripts: a content security policy forbids scripts and requests. */
final class HtmlForm {
    private final StringBuilder out = new StringBuilder();
    private int captions;

    private HtmlForm() {}

    static String of(StudyReport report) {
        HtmlForm form = new HtmlForm();
        form.put("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        form.put(
                "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n");
        form.put("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        form.element("title", report.title());
        form.put("<style>\n" + Resources.text(HtmlForm.class, "study.css") + "</style>\n</head>\n<body>\n<main>\n");
        form.element("h1", report.title());
        form.put("<ul class=\"findings\">\n");
        report.findings().forEach(form::finding);
        form.put("</ul>\n");
        form.element("pre", report.command());
        for (StudyReport.Section section : report.sections()) {
            form.put("<section>\n");
            form.element("h2", section.title());
            section.blocks().forEach(form::block);
            form.put("</section>\n");
        }
        form.put("<section>\n<h2>Provenance</h2>\n<dl>\n");
        report.provenance().forEach((key, value) -> {
            form.element("dt", key);
            form.element("dd", value);
        });
        form.put("</dl>\n</section>\n</main>\n</body>\n</html>\n");
        return form.out.toString();
    }

    private void put(String html) {
        out.append(html);
    }

    private void element(String name, String text) {
        put("<" + name + ">" + escaped(text) + "</" + name + ">\n");
    }

    private void finding(String finding) {
        List<String> lines = StudyReport.lines(finding);
        put("<li>" + escaped(lines.get(0)));
        if (lines.size() > 1) {
            put("\n<ul>\n");
            lines.subList(1, lines.size()).forEach(line -> element("li", line));
            put("</ul>\n");
        }
        put("</li>\n");
    }

    private void block(Block block) {
        if (block instanceof Block.Text text) {
            element("p", text.text());
        } else if (block instanceof Block.Table table) {
            table(table);
        } else if (block instanceof Block.Figure figure) {
            put("<figure role=\"img\" aria-label=\"" + escaped(figure.alt()) + "\">\n" + figure.svg() + "</figure>\n");
        } else if (block instanceof Block.Fold fold) {
            put("<details id=\"" + escaped(fold.id()) + "\">\n");
            element("summary", fold.title());
            fold.blocks().forEach(this::block);
            put("</details>\n");
        } else if (block instanceof Block.Beside beside) {
            element("h3", beside.title());
            put("<div class=\"beside\">\n");
            text(beside.leftTitle(), beside.left(), beside.common());
            text(beside.rightTitle(), beside.right(), beside.common());
            put("</div>\n");
        }
    }

    private void table(Block.Table table) {
        String label = "";
        if (!table.caption().isEmpty()) {
            String id = "table-" + ++captions;
            label = " aria-labelledby=\"" + id + "\"";
            // Not an element of the table, because the table scrolls sideways in a narrow window.
            put("<p class=\"caption\" id=\"" + id + "\">" + escaped(table.caption()) + "</p>\n");
        }
        put("<div class=\"wide\" tabindex=\"0\">\n<table" + label + ">\n<thead><tr>");
        for (int column = 0; column < table.head().size(); column++) {
            put("<th scope=\"col\"" + style(table, column) + ">"
                    + escaped(table.head().get(column)) + "</th>");
        }
        put("</tr></thead>\n<tbody>\n");
        for (List<Block.Cell> row : table.rows()) {
            put("<tr>");
            for (int column = 0; column < row.size(); column++) {
                put("<td" + style(table, column) + ">" + cell(row.get(column)) + "</td>");
            }
            put("</tr>\n");
        }
        put("</tbody>\n</table>\n</div>\n");
    }

    private static String style(Block.Table table, int column) {
        return table.isNumeric(column) ? " class=\"number\"" : "";
    }

    private static String cell(Block.Cell cell) {
        String text = escaped(cell.text());
        return cell.link() == null ? text : "<a href=\"" + escaped(cell.link()) + "\">" + text + "</a>";
    }

    /** The common prefix is faint, the rest is in ink, and the first word of the rest is marked. */
    private void text(String title, String text, int common) {
        put("<div>\n");
        element("h4", title);
        String rest = text.substring(common);
        int word = rest.strip().isEmpty()
                ? 0
                : rest.indexOf(rest.strip()) + rest.strip().split("\\s", 2)[0].length();
        put("<div class=\"passage\" dir=\"auto\"><span class=\"shared\">" + escaped(text.substring(0, common))
                + "</span><mark>" + escaped(rest.substring(0, word)) + "</mark>" + escaped(rest.substring(word))
                + "</div>\n</div>\n");
    }

    static String escaped(String text) {
        return VisibleText.harmless(text)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
