package dev.upbeat.linkage;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A chunk of a response: the tokens from one WAAD peak, where the model plans, to the token before the next: a tooth of
 * the sawtooth that arXiv 2510.13554 shows in its figures. The tokens before the first peak are a chunk too.
 *
 * @param start first position in the response
 * @param end position behind the last token
 * @param depth WAAD at the peak minus the least WAAD of the chunk, tokens; null for the tokens before the first peak
 */
public record Chunk(int start, int end, @Nullable Double depth) {
    /**
     * The chunks of a response, which cover it without overlap.
     *
     * @param waad [T]
     * @param peakShare peak_q in (0, 1]
     */
    public static List<Chunk> of(float[] waad, double peakShare) {
        List<Chunk> chunks = new ArrayList<>();
        int start = 0;
        boolean atPeak = false;
        for (int peak : Peaks.of(waad, peakShare)) {
            if (peak > start) {
                chunks.add(chunk(waad, start, peak, atPeak));
            }
            start = peak;
            atPeak = true;
        }
        if (start < waad.length) {
            chunks.add(chunk(waad, start, waad.length, atPeak));
        }
        return chunks;
    }

    private static Chunk chunk(float[] waad, int start, int end, boolean atPeak) {
        float least = waad[start];
        for (int t = start; t < end; t++) {
            least = Math.min(least, waad[t]);
        }
        return new Chunk(start, end, atPeak ? Double.valueOf((double) waad[start] - least) : null);
    }

    /** Number of tokens. */
    public int tokens() {
        return end - start;
    }
}
