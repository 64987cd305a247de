package dev.upbeat.app.study.output;

import java.util.Locale;

/**
 * A chart as SVG, for light and dark pages: its colours follow the reader's preference, in a page and as a separate file.
 * Coordinates are pixels from the upper left.
 *
 * <p>Classes of lines, shapes and texts: {@code ink}, {@code muted}, {@code rule}, and {@code c0} .. {@code c7} for series,
 * the colours of the report.
 */
public final class Svg {
    /** Mean width of a character of 12 pixels in a sans-serif font. */
    public static final double CHARACTER = 6.5;

    private static final String[] LIGHT = {
        "#1f5fa8", "#b8400f", "#1d7a50", "#7b3fa0", "#7d6300", "#00717f", "#a4246a", "#50565f"
    };
    private static final String[] DARK = {
        "#74ace9", "#ff9c61", "#5fc08f", "#c79be6", "#d8bd54", "#58c4d2", "#f08cc0", "#b0b7c2"
    };

    private final StringBuilder out = new StringBuilder();

    /** @param title for readers who cannot see the chart */
    public Svg(double width, double height, String title) {
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"upbeat-figure\" viewBox=\"0 0 %s %s\" width=\"%s\""
                        + " height=\"%s\" role=\"img\">\n<title>%s</title>\n<style>\n%s</style>\n",
                number(width), number(height), number(width), number(height), HtmlForm.escaped(title), style());
        add("<rect class=\"paper\" width=\"%s\" height=\"%s\"/>\n", number(width), number(height));
    }

    private static String style() {
        StringBuilder css = new StringBuilder(
                ".upbeat-figure{font:12px system-ui,-apple-system,\"Segoe UI\",Roboto,\"Helvetica Neue\",\"Liberation Sans\","
                        + "sans-serif;stroke-width:1.5}\n.upbeat-figure text,.upbeat-figure .band{stroke:none!important}\n"
                        + ".upbeat-figure .open{fill:none!important}\n.upbeat-figure .bold{font-weight:600}\n"
                        + ".upbeat-figure .band{opacity:.18}\n.upbeat-figure .faint{opacity:.07}\n.upbeat-figure .pale{opacity:.4;stroke-width:1}\n.upbeat-figure .dashed{stroke-dasharray:3 3}\n");
        css.append(colours("#fdfdfc", "#181b20", "#565d68", "#dfe2e6", LIGHT));
        css.append("@media (prefers-color-scheme:dark){\n")
                .append(colours("#15181d", "#e7e9ec", "#a0a8b4", "#2b3038", DARK))
                .append("}\n");
        return css.toString();
    }

    private static String colours(String paper, String ink, String muted, String rule, String[] series) {
        StringBuilder css = new StringBuilder(".upbeat-figure .paper{fill:" + paper + "}\n");
        css.append(colour("ink", ink)).append(colour("muted", muted)).append(colour("rule", rule));
        for (int i = 0; i < series.length; i++) {
            css.append(colour("c" + i, series[i]));
        }
        return css.toString();
    }

    private static String colour(String name, String value) {
        return ".upbeat-figure ." + name + "{fill:" + value + ";stroke:" + value + "}\n";
    }

    public Svg line(double x1, double y1, double x2, double y2, String classes) {
        return add(
                "<line class=\"%s\" x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\"/>\n",
                classes, number(x1), number(y1), number(x2), number(y2));
    }

    public Svg circle(double x, double y, double radius, String classes) {
        return add(
                "<circle class=\"%s\" cx=\"%s\" cy=\"%s\" r=\"%s\"/>\n", classes, number(x), number(y), number(radius));
    }

    /** @param path SVG's path data; with the class {@code open} it is not filled */
    public Svg path(String path, String classes) {
        return add("<path class=\"%s\" d=\"%s\"/>\n", classes, path);
    }

    /** @param anchor which part of the text is at x: start, middle or end */
    public Svg text(double x, double y, String anchor, String classes, String text) {
        return add(
                "<text class=\"%s\" x=\"%s\" y=\"%s\" text-anchor=\"%s\">%s</text>\n",
                classes, number(x), number(y), anchor, HtmlForm.escaped(text));
    }

    /** A text as XML, with control characters as visible signs. */
    public static String escaped(String text) {
        return HtmlForm.escaped(text);
    }

    private Svg add(String format, Object... values) {
        out.append(String.format(Locale.ROOT, format, values));
        return this;
    }

    /** Formats with at most two decimals: a hundredth of a pixel cannot be seen. */
    public static String number(double value) {
        String text = String.format(Locale.ROOT, "%.2f", value);
        return text.replaceFirst("\\.?0+$", "");
    }

    /** The complete SVG document. */
    @Override
    public String toString() {
        return out + "</svg>\n";
    }
}
