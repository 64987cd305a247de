package dev.upbeat.app.figure;

import java.io.IOException;
import java.nio.file.Path;

/** A surface to draw on. Coordinates are pixels from the upper left, colours have the form {@code #1f5fa8}. */
interface Canvas {
    /** Fonts of the texts. */
    enum Font {
        WORDS(11, false),
        NAME(12, true),
        TITLE(13, true),
        TOKEN(13, false);

        final int pixels;
        final boolean bold;

        Font(int pixels, boolean bold) {
            this.pixels = pixels;
            this.bold = bold;
        }
    }

    /** Which part of a text is at its x. */
    enum Anchor {
        START,
        MIDDLE,
        END
    }

    /** Marks of peaks, the shapes of the report's page. Each part is a polyline around 0: x, y, x, y, ... */
    enum Mark {
        CARET(2, new double[] {-4, 2.6, 0, -2.6, 4, 2.6}),
        STAR(1.7, new double[] {0, -4.2, 0, 4.2}, new double[] {-3.64, -2.1, 3.64, 2.1}, new double[] {
            -3.64, 2.1, 3.64, -2.1
        }),
        RING(1.6, circle(3, 16)),
        SQUARE(1.6, new double[] {-2.6, -2.6, 2.6, -2.6, 2.6, 2.6, -2.6, 2.6, -2.6, -2.6});

        final double width;
        final double[][] parts;

        Mark(double width, double[]... parts) {
            this.width = width;
            this.parts = parts;
        }

        private static double[] circle(double radius, int sides) {
            double[] points = new double[2 * (sides + 1)];
            for (int i = 0; i <= sides; i++) {
                points[2 * i] = radius * Math.cos(2 * Math.PI * i / sides);
                points[2 * i + 1] = radius * Math.sin(2 * Math.PI * i / sides);
            }
            return points;
        }
    }

    void rectangle(double x, double y, double width, double height, String fill);

    /** Diagonal lines, for undefined values. */
    void hatch(double x, double y, double width, double height);

    /** @param points x, y, x, y, ...; at least two points */
    void line(double[] points, String stroke, double width);

    default void mark(Mark mark, double x, double y, String stroke) {
        for (double[] part : mark.parts) {
            double[] placed = part.clone();
            for (int i = 0; i < placed.length; i++) {
                placed[i] += i % 2 == 0 ? x : y;
            }
            line(placed, stroke, mark.width);
        }
    }

    void dot(double x, double y, double radius, String fill);

    void text(double x, double y, Anchor anchor, Font font, String fill, String text);

    /** A text of the font {@link Font#TOKEN} that is exactly {@code width} wide. */
    void token(double x, double y, double width, String fill, String text);

    /** Writes the file, whole or not at all. */
    void write(Path file) throws IOException;
}
