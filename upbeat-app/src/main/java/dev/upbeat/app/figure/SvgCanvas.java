package dev.upbeat.app.figure;

import static dev.upbeat.app.study.output.Svg.number;

import dev.upbeat.app.study.output.Svg;
import dev.upbeat.io.AtomicFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/** Draws as SVG on white. */
final class SvgCanvas implements Canvas {
    private static final String WORDS =
            "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', 'Liberation Sans', sans-serif";
    private static final String MONO =
            "ui-monospace, Menlo, Consolas, 'Liberation Mono', 'DejaVu Sans Mono', monospace";

    private final StringBuilder out = new StringBuilder();

    /** @param source origin of the numbers, kept as the description */
    SvgCanvas(double width, double height, String title, String source) {
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%s\" height=\"%s\" viewBox=\"0 0 %s %s\" font-family=\"%s\">\n",
                number(width), number(height), number(width), number(height), WORDS);
        add("<title>%s</title>\n<desc>%s</desc>\n", Svg.escaped(title), Svg.escaped(source));
        add(
                "<defs><pattern id=\"hatch\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\""
                        + " patternTransform=\"rotate(45)\"><path d=\"M0 0V6\" stroke=\"#9aa1ad\" stroke-width=\"1.5\"/></pattern></defs>\n");
        rectangle(0, 0, width, height, "#ffffff");
    }

    @Override
    public void rectangle(double x, double y, double width, double height, String fill) {
        add(
                "<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" fill=\"%s\"/>\n",
                number(x), number(y), number(width), number(height), fill);
    }

    @Override
    public void hatch(double x, double y, double width, double height) {
        rectangle(x, y, width, height, "url(#hatch)");
    }

    @Override
    public void line(double[] points, String stroke, double width) {
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < points.length; i += 2) {
            path.append(i == 0 ? 'M' : 'L')
                    .append(number(points[i]))
                    .append(' ')
                    .append(number(points[i + 1]));
        }
        add(
                "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%s\" stroke-linecap=\"round\" stroke-linejoin=\"round\"/>\n",
                path, stroke, number(width));
    }

    @Override
    public void dot(double x, double y, double radius, String fill) {
        add("<circle cx=\"%s\" cy=\"%s\" r=\"%s\" fill=\"%s\"/>\n", number(x), number(y), number(radius), fill);
    }

    @Override
    public void text(double x, double y, Anchor anchor, Font font, String fill, String text) {
        add(
                "<text x=\"%s\" y=\"%s\" text-anchor=\"%s\" font-size=\"%d\"%s fill=\"%s\">%s</text>\n",
                number(x),
                number(y),
                anchor.name().toLowerCase(Locale.ROOT),
                font.pixels,
                font.bold ? " font-weight=\"600\"" : "",
                fill,
                Svg.escaped(text));
    }

    @Override
    public void token(double x, double y, double width, String fill, String text) {
        add(
                "<text class=\"token\" x=\"%s\" y=\"%s\" textLength=\"%s\" lengthAdjust=\"spacingAndGlyphs\" font-family=\"%s\""
                        + " font-size=\"%d\" fill=\"%s\" xml:space=\"preserve\">%s</text>\n",
                number(x), number(y), number(width), MONO, Font.TOKEN.pixels, fill, Svg.escaped(text));
    }

    @Override
    public void write(Path file) throws IOException {
        AtomicFiles.writeString(file, out + "</svg>\n");
    }

    private void add(String format, Object... values) {
        out.append(String.format(Locale.ROOT, format, values));
    }
}
