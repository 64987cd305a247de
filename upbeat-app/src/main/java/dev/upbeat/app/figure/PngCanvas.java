package dev.upbeat.app.figure;

import dev.upbeat.io.AtomicFiles;
import dev.upbeat.io.BadInputException;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import javax.imageio.ImageIO;

/** Draws an image with two pixels to a unit, with the fonts of the system; needs no display. */
final class PngCanvas implements Canvas {
    private static final int SCALE = 2;
    private static final int TALLEST = 15_000; // units; more than most programs open, and 200 MB in memory
    private static final double HATCH = 6; // pixels between two diagonal lines

    private final BufferedImage image;
    private final Graphics2D pen;

    /** @throws BadInputException if the image is too large, the system has no fonts, or the JDK cannot read them */
    PngCanvas(double width, double height) {
        if (height > TALLEST) {
            throw new BadInputException(String.format(
                    Locale.ROOT,
                    "the PNG is %.0f pixels tall; expected at most %d: choose a part of the response (--tokens START:END),"
                            + " or write an .svg",
                    SCALE * height,
                    SCALE * TALLEST));
        }
        System.setProperty("java.awt.headless", "true");
        image = new BufferedImage(
                (int) Math.ceil(SCALE * width), (int) Math.ceil(SCALE * height), BufferedImage.TYPE_INT_RGB);
        pen = image.createGraphics();
        pen.scale(SCALE, SCALE);
        pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        pen.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        pen.setRenderingHint(RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
        pen.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        requireFonts();
        rectangle(0, 0, width, height, "#ffffff");
    }

    /** Fails at the first use of a font, in whatever way the JDK does if libraries or fonts are missing. */
    @SuppressWarnings("CatchingUnchecked") // the JDK throws errors and exceptions of several kinds
    private void requireFonts() {
        try {
            widthOf(font(Font.TOKEN), "x");
        } catch (RuntimeException | LinkageError | InternalError e) {
            throw new BadInputException(
                    "a PNG needs a font of the system, and Java found none (" + e
                            + "); install one (Debian: apt-get install fontconfig fonts-dejavu-core), or write an .svg",
                    e);
        }
    }

    @Override
    public void rectangle(double x, double y, double width, double height, String fill) {
        pen.setColor(Color.decode(fill));
        pen.fill(new Rectangle2D.Double(x, y, width, height));
    }

    @Override
    public void hatch(double x, double y, double width, double height) {
        Shape before = pen.getClip();
        pen.clip(new Rectangle2D.Double(x, y, width, height));
        pen.setColor(Color.decode("#9aa1ad"));
        pen.setStroke(new BasicStroke(1));
        for (double at = x - height; at < x + width; at += HATCH) {
            pen.draw(new Line2D.Double(at, y + height, at + height, y));
        }
        pen.setClip(before);
    }

    @Override
    public void line(double[] points, String stroke, double width) {
        Path2D path = new Path2D.Double();
        path.moveTo(points[0], points[1]);
        for (int i = 2; i < points.length; i += 2) {
            path.lineTo(points[i], points[i + 1]);
        }
        pen.setColor(Color.decode(stroke));
        pen.setStroke(new BasicStroke((float) width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        pen.draw(path);
    }

    @Override
    public void dot(double x, double y, double radius, String fill) {
        pen.setColor(Color.decode(fill));
        pen.fill(new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius));
    }

    @Override
    public void text(double x, double y, Anchor anchor, Font font, String fill, String text) {
        java.awt.Font drawn = font(font);
        double width = widthOf(drawn, text);
        double left =
                switch (anchor) {
                    case START -> x;
                    case MIDDLE -> x - width / 2;
                    case END -> x - width;
                };
        pen.setFont(drawn);
        pen.setColor(Color.decode(fill));
        pen.drawString(text, (float) left, (float) y);
    }

    @Override
    public void token(double x, double y, double width, String fill, String text) {
        java.awt.Font drawn = font(Font.TOKEN);
        double natural = widthOf(drawn, text);
        AffineTransform before = pen.getTransform();
        pen.translate(x, y);
        pen.scale(natural > 0 ? width / natural : 1, 1);
        pen.setFont(drawn);
        pen.setColor(Color.decode(fill));
        pen.drawString(text, 0, 0);
        pen.setTransform(before);
    }

    @Override
    public void write(Path file) throws IOException {
        AtomicFiles.write(file, out -> {
            if (!ImageIO.write(image, "png", out)) {
                throw new IOException("this JDK has no PNG writer");
            }
        });
    }

    private double widthOf(java.awt.Font font, String text) {
        return font.getStringBounds(text, pen.getFontRenderContext()).getWidth();
    }

    private static java.awt.Font font(Font font) {
        String family = font == Font.TOKEN ? java.awt.Font.MONOSPACED : java.awt.Font.SANS_SERIF;
        return new java.awt.Font(family, font.bold ? java.awt.Font.BOLD : java.awt.Font.PLAIN, font.pixels);
    }
}
