package dev.upbeat.app.figure;

import dev.upbeat.app.figure.Canvas.Anchor;
import dev.upbeat.app.figure.Canvas.Font;
import dev.upbeat.app.figure.TraceFigure.Beat;
import dev.upbeat.credit.Couplings;
import dev.upbeat.linkage.Chunk;
import dev.upbeat.linkage.Peaks;
import dev.upbeat.trace.Observation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;

/**
 * Chunks and couplings in a figure, as on the report's page: every other chunk is a grey band, a coupling is a bracket
 * from the intro to the anchor. They are left out where tokens are too narrow to tell them apart.
 */
final class BeatMarks {
    /** Height of the strip of brackets. */
    static final double STRIP = 42;

    private static final double NARROWEST_CHUNK = 4; // mean width
    private static final double NARROWEST_TOKEN = 3; // under brackets
    private static final double FEET = 38; // of brackets, from the top of the strip
    private static final double LEAST = 7; // height of a bracket over one token
    private static final double MOST = 31;
    private static final double STEP = 2.6; // for each further token, so that nested brackets are apart
    private static final double ARROW = 3;
    private static final String BAND = "#efeff0"; // behind curves
    private static final String TEXT_BAND = "#dddde0"; // around tinted tokens
    private static final String BRACKET = "#5b626e";

    private final List<Chunk> chunks;
    private final boolean[] shaded;
    private final int[] intros;
    private final int start;
    private final int end;
    private final boolean brackets;

    /**
     * @param start the first token of the figure
     * @param end after its last token
     * @param tokenWidth distance of two tokens on the axis
     */
    BeatMarks(Observation seen, Set<Beat> shown, int start, int end, double tokenWidth) {
        this.start = start;
        this.end = end;
        List<Chunk> all = Chunk.of(seen.waad(), Peaks.DEFAULT_SHARE);
        boolean wide = tokenWidth * seen.length() / all.size() >= NARROWEST_CHUNK;
        chunks = new ArrayList<>();
        shaded = new boolean[seen.length()];
        for (int i = 1; i < all.size() && wide && shown.contains(Beat.CHUNKS); i += 2) {
            Chunk chunk = all.get(i);
            for (int t = chunk.start(); t < chunk.end(); t++) {
                shaded[t] = true;
            }
            if (chunk.start() < end && chunk.end() > start) {
                chunks.add(chunk);
            }
        }
        intros = Couplings.of(seen.waad(), seen.fai()).intros();
        brackets = shown.contains(Beat.COUPLINGS) && tokenWidth >= NARROWEST_TOKEN;
    }

    /** Height that the strip of brackets takes. */
    double stripHeight() {
        return brackets ? STRIP : 0;
    }

    boolean hasBands() {
        return !chunks.isEmpty();
    }

    /** Bands behind a curve. */
    void bands(Canvas canvas, DoubleUnaryOperator x, double top, double bottom) {
        for (Chunk chunk : chunks) {
            double left = x.applyAsDouble(Math.max(chunk.start() - 0.5, start));
            double right = x.applyAsDouble(Math.min(chunk.end() - 0.5, end - 1.0));
            canvas.rectangle(left, top, right - left, bottom - top, BAND);
        }
    }

    /** The band of a token in the text, which is seen above and below its tint. */
    void textBand(Canvas canvas, int token, double x, double top, double width, double height) {
        if (shaded[token]) {
            canvas.rectangle(x, top - 3, width, height + 6, TEXT_BAND);
        }
    }

    /** The strip of brackets: up from the intro, and down with an arrow to the anchor. */
    void brackets(Canvas canvas, DoubleUnaryOperator x, double labelLeft, double top, String ink) {
        if (!brackets) {
            return;
        }
        canvas.text(labelLeft, top + 12, Anchor.START, Font.NAME, ink, "couplings");
        canvas.text(labelLeft, top + 27, Anchor.START, Font.WORDS, BRACKET, "leap to high FAI");
        double feet = top + FEET;
        for (int anchor = start; anchor < end; anchor++) {
            int intro = intros[anchor];
            if (intro == Couplings.NONE || intro < start) {
                continue;
            }
            double from = x.applyAsDouble(intro);
            double to = x.applyAsDouble(anchor);
            double height = Math.min(MOST, LEAST + STEP * (anchor - intro - 1));
            double[] bracket = {from, feet, from, feet - height, to, feet - height, to, feet};
            canvas.line(bracket, BRACKET, 1.2);
            double wings = feet - 1.6 * ARROW;
            canvas.line(new double[] {to - ARROW, wings, to, feet, to + ARROW, wings}, BRACKET, 1.2);
        }
    }
}
