package dev.upbeat.observe;

import dev.upbeat.model.AttentionTap;
import dev.upbeat.rhythm.AttentionSums;
import dev.upbeat.rhythm.HeadTally;
import dev.upbeat.tensor.Tensors;
import dev.upbeat.trace.Head;
import dev.upbeat.trace.Horizon;
import dev.upbeat.trace.Trace;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/** Takes the sums of a batch's attention layer by layer. */
final class BatchTap implements AttentionTap {
    private final TraceBatch batch;
    private final RhythmOptions options;
    private final Set<Integer> layers;
    private final HeadTally tally;
    private final @Nullable KeptAttention kept;
    private final AttentionSums.Request request;
    private final List<HeadSeries> series;

    /**
     * @param tally every head's span and profile are added to it
     * @param kept shown the same layers; null for none
     */
    BatchTap(TraceBatch batch, RhythmOptions options, HeadTally tally, @Nullable KeptAttention kept) {
        this.batch = batch;
        this.options = options;
        this.layers = Set.copyOf(options.layers());
        this.tally = tally;
        this.kept = kept;
        int shift = shift(options);
        Tensor rows = batch.responseRows(0);
        int firstRow = batch.traces().stream()
                        .mapToInt(trace -> trace.promptIds().length)
                        .min()
                        .orElseThrow()
                + shift;
        this.request = new AttentionSums.Request(
                rows,
                shift == 0 ? rows : batch.responseRows(shift),
                firstRow,
                options.window(),
                options.horizon(),
                options.receivers());
        this.series = batch.traces().stream().map(trace -> new HeadSeries()).toList();
    }

    private static int shift(RhythmOptions options) {
        return options.alignment() == RhythmOptions.Alignment.PREDICTOR ? -1 : 0;
    }

    /** Per trace, once the pass is over. */
    List<HeadSeries> series() {
        return series;
    }

    @Override
    public boolean wants(int layer) {
        return layers.contains(layer);
    }

    @Override
    public void see(int layer, Seen seen) {
        AttentionSums.Layer attention =
                new AttentionSums.Layer(seen.q(), seen.k(), seen.lse(), seen.meanKey(), seen.window());
        if (kept != null) {
            kept.see(layer, seen);
        }
        try (AttentionSums sums = AttentionSums.of(attention, request)) {
            int heads = (int) seen.q().size(1);
            int n = (int) seen.q().size(2);
            float[] waad = Tensors.toFloats(sums.waad());
            float[] received = Tensors.toFloats(sums.received());
            float[] toEnd = sums.receivedToEnd() == null ? null : Tensors.toFloats(sums.receivedToEnd());
            double[] spans = Tensors.toDoubles(sums.spanSums());
            IntStream.range(0, batch.size()).forEach(b -> {
                Rows rows = new Rows(batch.traces().get(b), b * heads, n);
                HeadSeries.Layer heard = rows.series(heads, waad, received, toEnd);
                series.get(b).put(layer, heard);
                for (int h = 0; h < heads; h++) {
                    Head head = new Head(layer, h);
                    tally.addSpan(head, spans[b * heads + h], rows.trace.responseIds().length);
                    if (heard.profile() != null) {
                        tally.addProfile(head, heard.profile()[h]);
                    }
                }
            });
        }
    }

    /** Where a trace's values stand in a [B, H, N] array. */
    private final class Rows {
        private final Trace trace;
        private final int firstHead;
        private final int n;

        Rows(Trace trace, int firstHead, int n) {
            this.trace = trace;
            this.firstHead = firstHead;
            this.n = n;
        }

        HeadSeries.Layer series(int heads, float[] waad, float[] received, float @Nullable [] toEnd) {
            Horizon open = new Horizon(options.horizon().lo(), Horizon.END);
            float[][] waads = new float[heads][];
            float[][] fais = new float[heads][];
            float[][] profiles = toEnd == null ? null : new float[heads][];
            for (int h = 0; h < heads; h++) {
                waads[h] = values(waad, h, shift(options));
                fais[h] = mean(values(received, h, 0), options.horizon());
                if (profiles != null && toEnd != null) {
                    profiles[h] = mean(values(toEnd, h, 0), open);
                }
            }
            return new HeadSeries.Layer(waads, fais, profiles);
        }

        private float[] values(float[] all, int head, int shift) {
            int start = (firstHead + head) * n + trace.promptIds().length + shift;
            return java.util.Arrays.copyOfRange(all, start, start + trace.responseIds().length);
        }

        /** Sums over T(s) to means: T(s) holds the response rows of [s + lo, s + hi]; NaN where there is none. */
        private float[] mean(float[] sums, Horizon horizon) {
            float[] means = new float[sums.length];
            for (int s = 0; s < sums.length; s++) {
                long last = Math.min(sums.length - 1L, (long) s + horizon.hi());
                long rows = last - (s + (long) horizon.lo()) + 1;
                means[s] = rows <= 0 ? Float.NaN : (float) ((double) sums[s] / rows);
            }
            return means;
        }
    }
}
