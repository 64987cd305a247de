package dev.upbeat.observe;

import dev.upbeat.model.AttentionTap;
import dev.upbeat.observe.RhythmOptions.Alignment;
import dev.upbeat.rhythm.AttentionSums;
import dev.upbeat.rhythm.HeadTally;
import dev.upbeat.tensor.Tensors;
import dev.upbeat.trace.Head;
import dev.upbeat.trace.Horizon;
import dev.upbeat.trace.Trace;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/** Takes the sums of a batch's attention layer by layer. */
final class BatchTap implements AttentionTap {
    private final TraceBatch batch;
    private final RhythmOptions options;
    private final Set<Integer> layers;
    private final Map<Alignment, HeadTally> tallies;
    private final @Nullable KeptAttention kept;
    private final AttentionSums.Request request;
    private final Map<Alignment, List<HeadSeries>> series = new EnumMap<>(Alignment.class);

    /**
     * @param tallies of each alignment that is read: every head's span and profile are added to it
     * @param kept shown the same layers; null for none
     */
    BatchTap(TraceBatch batch, RhythmOptions options, Map<Alignment, HeadTally> tallies, @Nullable KeptAttention kept) {
        this.batch = batch;
        this.options = options;
        this.layers = Set.copyOf(options.layers());
        this.tallies = new EnumMap<>(tallies);
        this.kept = kept;
        int shortest = batch.traces().stream()
                .mapToInt(trace -> trace.promptIds().length)
                .min()
                .orElseThrow();
        int firstShift =
                tallies.keySet().stream().mapToInt(BatchTap::shift).min().orElseThrow();
        Tensor[] spanRows = this.tallies.keySet().stream()
                .map(each -> batch.responseRows(shift(each)))
                .toArray(Tensor[]::new);
        this.request = new AttentionSums.Request(
                batch.responseRows(0),
                torch.stack(new TensorVector(spanRows)),
                shortest + firstShift,
                options.window(),
                options.horizon(),
                options.receivers());
        this.tallies
                .keySet()
                .forEach(alignment -> series.put(
                        alignment,
                        batch.traces().stream().map(trace -> new HeadSeries()).toList()));
    }

    private static int shift(Alignment alignment) {
        return alignment == Alignment.PREDICTOR ? -1 : 0;
    }

    /** Of each alignment, per trace, once the pass is over. */
    Map<Alignment, List<HeadSeries>> series() {
        return series;
    }

    @Override
    public boolean wants(int layer) {
        return layers.contains(layer);
    }

    @Override
    public void see(int layer, Seen seen) {
        AttentionSums.Layer attention =
                new AttentionSums.Layer(seen.q(), seen.k(), seen.scale(), seen.lse(), seen.meanKey(), seen.window());
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
            for (int b = 0; b < batch.size(); b++) {
                Rows rows = new Rows(batch.traces().get(b), b * heads, n);
                HeadSeries.Layer columns = rows.columns(heads, received, toEnd);
                int a = 0;
                for (Map.Entry<Alignment, HeadTally> reading : tallies.entrySet()) {
                    HeadSeries.Layer heard = new HeadSeries.Layer(
                            rows.waads(heads, waad, shift(reading.getKey())), columns.fai(), columns.profile());
                    Objects.requireNonNull(series.get(reading.getKey())).get(b).put(layer, heard);
                    add(reading.getValue(), layer, heard, spans, (a++ * batch.size() + b) * heads, rows);
                }
            }
        }
    }

    /** @param from where the heads of the trace begin in the sums */
    private static void add(
            HeadTally tally, int layer, HeadSeries.Layer heard, double[] spanSums, int from, Rows rows) {
        for (int h = 0; h < heard.waad().length; h++) {
            Head head = new Head(layer, h);
            tally.addSpan(head, spanSums[from + h], rows.trace.responseIds().length);
            if (heard.profile() != null) {
                tally.addProfile(head, heard.profile()[h]);
            }
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

        float[][] waads(int heads, float[] waad, int shift) {
            float[][] waads = new float[heads][];
            for (int h = 0; h < heads; h++) {
                waads[h] = values(waad, h, shift);
            }
            return waads;
        }

        /** What columns of the map tell, whatever the alignment; without WAAD. */
        HeadSeries.Layer columns(int heads, float[] received, float @Nullable [] toEnd) {
            Horizon open = new Horizon(options.horizon().lo(), Horizon.END);
            float[][] fais = new float[heads][];
            float[][] profiles = toEnd == null ? null : new float[heads][];
            for (int h = 0; h < heads; h++) {
                fais[h] = mean(values(received, h, 0), options.horizon());
                if (profiles != null && toEnd != null) {
                    profiles[h] = mean(values(toEnd, h, 0), open);
                }
            }
            return new HeadSeries.Layer(new float[0][], fais, profiles);
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
