package dev.upbeat.observe;

import dev.upbeat.model.AttentionHook;
import dev.upbeat.observe.RhythmOptions.Alignment;
import dev.upbeat.rhythm.AttentionSums;
import dev.upbeat.rhythm.Fai;
import dev.upbeat.rhythm.HeadSpan;
import dev.upbeat.rhythm.Receivers;
import dev.upbeat.tensor.LayerAttention;
import dev.upbeat.tensor.Tensors;
import dev.upbeat.trace.AttentionWeights;
import dev.upbeat.trace.Horizon;
import dev.upbeat.trace.Trace;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Measures span, WAAD, FAI and receiver score of every candidate head of a batch, layer by layer during the forward
 * pass.
 */
final class RhythmHook implements AttentionHook {
    private final TraceBatch batch;
    private final RhythmOptions options;
    private final Set<Integer> layers;
    private final @Nullable SavedAttention saved;
    private final TotalTime time;
    private final AttentionSums.Request request;
    private final Map<Alignment, List<HeadSeries>> series = new EnumMap<>(Alignment.class);
    private final Map<Alignment, List<HeadSpan>> spans = new EnumMap<>(Alignment.class);
    private final @Nullable List<Receivers> receivers;

    /**
     * @param heads H, query heads of each layer
     * @param alignments alignments to measure
     * @param saved receives the same layers; null for none
     * @param time adds up the time that the measurements take
     */
    RhythmHook(
            TraceBatch batch,
            RhythmOptions options,
            int heads,
            Set<Alignment> alignments,
            @Nullable SavedAttention saved,
            TotalTime time) {
        this.batch = batch;
        this.options = options;
        this.layers = Set.copyOf(options.layers());
        this.saved = saved;
        this.time = time;
        this.receivers = options.receivers()
                ? batch.traces().stream()
                        .map(trace -> new Receivers(options.layers(), heads))
                        .toList()
                : null;
        for (Alignment alignment : alignments) {
            spans.put(
                    alignment,
                    batch.traces().stream()
                            .map(trace -> new HeadSpan(
                                    options.layers(), heads, options.settings().groupWeight()))
                            .toList());
            series.put(
                    alignment,
                    batch.traces().stream().map(trace -> new HeadSeries()).toList());
        }
        int shortest = batch.traces().stream()
                .mapToInt(trace -> trace.promptIds().length)
                .min()
                .orElseThrow();
        int firstShift =
                spans.keySet().stream().mapToInt(RhythmHook::shift).min().orElseThrow();
        Tensor[] spanRows = spans.keySet().stream()
                .map(alignment -> batch.responseRows(shift(alignment)))
                .toArray(Tensor[]::new);
        this.request = new AttentionSums.Request(
                batch.responseRows(0),
                torch.stack(new TensorVector(spanRows)),
                shortest + firstShift,
                options.settings().window(),
                options.settings().horizon(),
                options.settings().gap(),
                options.receivers());
    }

    /** The row from which a token is scored, relative to its own. */
    private static int shift(Alignment alignment) {
        return alignment == Alignment.PREDICTOR ? -1 : 0;
    }

    /** Series of each trace by alignment, complete after the pass. */
    Map<Alignment, List<HeadSeries>> series() {
        return series;
    }

    /** Head spans of each trace by alignment, complete after the pass. */
    Map<Alignment, List<HeadSpan>> spans() {
        return spans;
    }

    /** Receiver scores of each trace; null if receivers are off. */
    @Nullable
    List<Receivers> receivers() {
        return receivers;
    }

    @Override
    public boolean byValueNorm() {
        return options.settings().weights() == AttentionWeights.VALUE_NORM;
    }

    @Override
    public boolean wants(int layer) {
        return layers.contains(layer);
    }

    @Override
    public void observe(int layer, LayerAttention attention) {
        time.time(() -> measure(layer, attention));
    }

    private void measure(int layer, LayerAttention attention) {
        if (saved != null) {
            saved.observe(layer, attention);
        }
        try (AttentionSums sums = AttentionSums.of(attention, request)) {
            int heads = (int) attention.q().size(1);
            int n = (int) attention.q().size(2);
            float[] waad = Tensors.toFloats(sums.waad());
            float[] received = Tensors.toFloats(sums.received());
            float[] toEnd = sums.receivedToEnd() == null ? null : Tensors.toFloats(sums.receivedToEnd());
            double[] spanSums = Tensors.toDoubles(sums.spanSums());
            for (int b = 0; b < batch.size(); b++) {
                Horizon horizon = options.settings().horizon();
                Horizon profile = new Horizon(options.settings().gap(), Horizon.END);
                Rows rows = new Rows(batch.traces().get(b), b * heads, heads, n);
                float[][] fai = rows.fai(received, horizon);
                float[][] profiles = toEnd == null ? null : rows.fai(toEnd, profile);
                if (receivers != null && profiles != null) {
                    receivers.get(b).add(layer, profiles);
                }
                int a = 0;
                for (Map.Entry<Alignment, List<HeadSpan>> span : spans.entrySet()) {
                    int from = (a++ * batch.size() + b) * heads;
                    span.getValue()
                            .get(b)
                            .add(
                                    layer,
                                    Arrays.copyOfRange(spanSums, from, from + heads),
                                    rows.trace.responseIds().length);
                    Objects.requireNonNull(series.get(span.getKey()))
                            .get(b)
                            .put(layer, new HeadSeries.Layer(rows.waad(waad, shift(span.getKey())), fai));
                }
            }
        }
    }

    /**
     * The values of one trace in a [B, H, N] array.
     *
     * @param firstHead index of the trace's first head among all B * H
     */
    private record Rows(Trace trace, int firstHead, int heads, int n) {
        /** WAAD of the response, [H][T]. */
        float[][] waad(float[] all, int shift) {
            float[][] waads = new float[heads][];
            for (int h = 0; h < heads; h++) {
                waads[h] = response(all, h, shift);
            }
            return waads;
        }

        /** FAI of the response, [H][T]. */
        float[][] fai(float[] received, Horizon horizon) {
            float[][] fais = new float[heads][];
            for (int h = 0; h < heads; h++) {
                fais[h] = Fai.mean(response(received, h, 0), horizon);
            }
            return fais;
        }

        private float[] response(float[] all, int head, int shift) {
            int start = (firstHead + head) * n + trace.promptIds().length + shift;
            return Arrays.copyOfRange(all, start, start + trace.responseIds().length);
        }
    }
}
