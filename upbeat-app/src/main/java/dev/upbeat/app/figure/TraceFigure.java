package dev.upbeat.app.figure;

import dev.upbeat.app.figure.Canvas.Anchor;
import dev.upbeat.app.figure.Canvas.Font;
import dev.upbeat.app.figure.TokenLines.Line;
import dev.upbeat.app.study.output.Axis;
import dev.upbeat.io.BadInputException;
import dev.upbeat.trace.Observation;
import dev.upbeat.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A response as a figure for a paper: its text, tinted by the first metric, with the marks of the peaks, and below it one
 * curve for each metric over the tokens; chunks and couplings where they fit.
 */
public final class TraceFigure {
    /** What a figure can show of the beat. */
    public enum Beat {
        CHUNKS,
        COUPLINGS
    }

    private static final double WIDTH = 900;
    private static final double LEFT = 14;
    private static final double TEXT_TOP = 66;
    private static final double CHARACTER = 7.8; // width in the font of tokens
    private static final int COLUMNS = (int) ((WIDTH - 2 * LEFT) / CHARACTER);
    private static final double LETTER = 6.2; // approximate width in the font of words
    private static final double LINE = 32;
    private static final double BOX = 19; // height of a tinted token
    private static final double ASCENT = 14; // from the top of a token to its base line
    private static final double PLOT_LEFT = 104;
    private static final double PLOT_RIGHT = WIDTH - 18;
    private static final double ROW = 110;
    private static final double GAP = 16; // above each plot
    private static final double FOOT = 40;
    private static final double SHORTEST = 1e-4; // axis
    private static final String INK = "#1b1e24";
    private static final String MUTED = "#5b626e";
    private static final String RULE = "#e3e6ea";
    private static final String CURVE = "#1f5fa8";
    private static final String MARK = "#b8400f";

    private final String title;
    private final String source;
    private final List<String> tokens;
    private final List<FigureMetric> metrics;
    private final int start;
    private final int end;
    private final BeatMarks beat;
    private final List<Line> lines;

    private TraceFigure(
            String title,
            String source,
            List<String> tokens,
            List<FigureMetric> metrics,
            int start,
            int end,
            BeatMarks beat) {
        this.title = title;
        this.source = source;
        this.tokens = tokens;
        this.metrics = metrics;
        this.start = start;
        this.end = end;
        this.beat = beat;
        lines = TokenLines.of(tokens, start, end, COLUMNS);
    }

    /**
     * @param title one line above the text
     * @param source origin of the numbers, kept in an SVG as its description
     * @param columns names of the metrics, as in {@code traces.parquet}; at least one
     * @param shown what is shown of the beat, where it fits
     * @param start the first response token
     * @param end after the last response token; the response's length or less
     * @throws BadInputException if the trace lacks a metric, or the response the tokens
     */
    public static TraceFigure of(
            String title,
            String source,
            Trace trace,
            Observation seen,
            List<String> columns,
            Set<Beat> shown,
            int start,
            int end) {
        int length = trace.responseIds().length;
        if (start < 0 || start >= end || end > length) {
            throw new BadInputException("trace " + trace.id() + " has no tokens " + start + ":" + end
                    + "; expected START:END" + " with 0 <= START < END <= " + length);
        }
        List<String> tokens = trace.tokens() != null
                ? trace.tokens()
                : Arrays.stream(trace.responseIds())
                        .mapToObj(id -> "\u27e8" + id + "\u27e9")
                        .toList();
        List<FigureMetric> metrics = FigureMetric.of(trace.id(), seen, columns);
        double tokenWidth = (PLOT_RIGHT - PLOT_LEFT) / Math.max(1, end - 1 - start);
        return new TraceFigure(
                title, source, tokens, metrics, start, end, new BeatMarks(seen, shown, start, end, tokenWidth));
    }

    /** Writes the figure as SVG, or as PNG if the file's name ends in {@code .png}. */
    public void write(Path file) throws IOException {
        double height = TEXT_TOP + LINE * lines.size() + beat.stripHeight() + ROW * metrics.size() + FOOT;
        Canvas canvas = file.toString().endsWith(".png")
                ? new PngCanvas(WIDTH, height)
                : new SvgCanvas(WIDTH, height, title, source);
        canvas.text(LEFT, 21, Anchor.START, Font.TITLE, INK, title);
        FigureMetric first = metrics.get(0);
        Tint tint = new Tint(Arrays.copyOfRange(first.values(), start, end), first.low());
        legend(canvas, first, tint);
        for (int i = 0; i < lines.size(); i++) {
            line(canvas, lines.get(i), TEXT_TOP + LINE * i, first, tint);
        }
        double strip = TEXT_TOP + LINE * lines.size();
        beat.brackets(canvas, this::x, LEFT, strip, INK);
        double top = strip + beat.stripHeight();
        for (int i = 0; i < metrics.size(); i++) {
            curve(canvas, metrics.get(i), top + ROW * i + GAP, top + ROW * (i + 1));
        }
        tokenAxis(canvas, top + ROW * metrics.size());
        canvas.write(file);
    }

    private void legend(Canvas canvas, FigureMetric metric, Tint tint) {
        double y = 44;
        String lowest = "tint: " + metric.name() + ", " + number(tint.from());
        canvas.text(LEFT, y, Anchor.START, Font.WORDS, MUTED, lowest);
        double strip = LEFT + 12 + LETTER * lowest.length();
        for (int i = 0; i < 24; i++) {
            canvas.rectangle(strip + 4 * i, y - 9, 4.2, 10, Tint.colour(i / 23.0));
        }
        canvas.text(strip + 104, y, Anchor.START, Font.WORDS, MUTED, number(tint.to()) + " " + metric.unit());
        double x = strip + 240;
        for (FigureMetric marked : metrics) {
            if (marked.mark() == null) {
                continue;
            }
            canvas.mark(marked.mark(), x, y - 4, MARK);
            String name = marked.mark() == Canvas.Mark.STAR ? "anchor" : "peak of " + marked.name();
            canvas.text(x + 10, y, Anchor.START, Font.WORDS, MUTED, name);
            x += 34 + LETTER * name.length();
        }
    }

    private void line(Canvas canvas, Line line, double top, FigureMetric tinted, Tint tint) {
        double x = LEFT;
        for (int t = line.start(); t < line.end(); t++) {
            String shown = TokenLines.shown(tokens.get(t));
            double width = TokenLines.columns(shown) * CHARACTER;
            float value = tinted.values()[t];
            beat.textBand(canvas, t, x, top, width - 1, BOX);
            if (Float.isNaN(value)) {
                canvas.hatch(x, top, width - 1, BOX);
            } else {
                canvas.rectangle(x, top, width - 1, BOX, tint.of(value));
            }
            canvas.token(x, top + ASCENT, width, INK, shown);
            marks(canvas, t, x + width / 2, top);
            x += width;
        }
    }

    /** The first metric's mark above the token, the others' below it, side by side. */
    private void marks(Canvas canvas, int token, double x, double top) {
        double below = x;
        for (int m = 0; m < metrics.size(); m++) {
            FigureMetric metric = metrics.get(m);
            if (metric.mark() != null && Arrays.binarySearch(metric.peaks(), token) >= 0) {
                canvas.mark(metric.mark(), m == 0 ? x : below, m == 0 ? top - 4 : top + BOX + 4, MARK);
                below += m == 0 ? 0 : 10;
            }
        }
    }

    private void curve(Canvas canvas, FigureMetric metric, double top, double bottom) {
        beat.bands(canvas, this::x, top, bottom);
        canvas.text(LEFT, top + 12, Anchor.START, Font.NAME, INK, metric.name());
        canvas.text(LEFT, top + 27, Anchor.START, Font.WORDS, MUTED, metric.unit());
        double[] defined = IntStream.range(start, end)
                .mapToDouble(t -> metric.values()[t])
                .filter(v -> !Double.isNaN(v))
                .toArray();
        double least = Arrays.stream(defined).min().orElse(0);
        double greatest = Arrays.stream(defined).max().orElse(1);
        Axis axis = Axis.over(
                metric.fromZero() ? Math.min(least, 0) : least,
                metric.fromZero() ? Math.max(greatest, 0) : greatest,
                new Axis.Limits(SHORTEST, Double.POSITIVE_INFINITY),
                bottom,
                top,
                4);
        for (double tick : axis.ticks()) {
            canvas.line(new double[] {PLOT_LEFT, axis.at(tick), PLOT_RIGHT, axis.at(tick)}, RULE, 1);
            canvas.text(PLOT_LEFT - 6, axis.at(tick) + 4, Anchor.END, Font.WORDS, MUTED, axis.label(tick));
        }
        for (int t = start; t < end; ) {
            int from = t;
            boolean undefined = Float.isNaN(metric.values()[t]);
            while (t < end && Float.isNaN(metric.values()[t]) == undefined) {
                t++;
            }
            if (undefined) {
                double left = Math.max(PLOT_LEFT, x(from - 0.5));
                canvas.hatch(left, top, Math.min(PLOT_RIGHT, x(t - 0.5)) - left, bottom - top);
            } else if (t - from == 1) {
                canvas.dot(x(from), axis.at(metric.values()[from]), 2, CURVE);
            } else {
                canvas.line(points(metric, axis, from, t), CURVE, 1.3);
            }
        }
        for (int peak : metric.peaks()) {
            if (peak >= start && peak < end && metric.mark() != null) {
                canvas.mark(metric.mark(), x(peak), axis.at(metric.values()[peak]), MARK);
            }
        }
    }

    private double[] points(FigureMetric metric, Axis axis, int from, int to) {
        double[] points = new double[2 * (to - from)];
        for (int t = from; t < to; t++) {
            points[2 * (t - from)] = x(t);
            points[2 * (t - from) + 1] = axis.at(metric.values()[t]);
        }
        return points;
    }

    private void tokenAxis(Canvas canvas, double bottom) {
        Axis axis = Axis.ofWhole(start, Math.max(start, end - 1), 0, 1, 10);
        for (double tick : axis.ticks()) {
            if (tick >= start && tick < end) {
                canvas.text(x(tick), bottom + 16, Anchor.MIDDLE, Font.WORDS, MUTED, axis.label(tick));
            }
        }
        canvas.text((PLOT_LEFT + PLOT_RIGHT) / 2, bottom + 33, Anchor.MIDDLE, Font.WORDS, MUTED, "response token");
        if (beat.hasBands()) {
            canvas.text(PLOT_RIGHT, bottom + 33, Anchor.END, Font.WORDS, MUTED, "grey: every other chunk");
        }
    }

    private double x(double token) {
        return PLOT_LEFT + (token - start) / Math.max(1, end - 1 - start) * (PLOT_RIGHT - PLOT_LEFT);
    }

    private static String number(double value) {
        return Double.isNaN(value)
                ? "undefined"
                : String.format(Locale.ROOT, Math.abs(value) < 0.1 ? "%.4f" : "%.2f", value);
    }
}
