package dev.upbeat.observe;

import dev.upbeat.model.AttentionHook;
import dev.upbeat.model.Decoder;
import dev.upbeat.tensor.Dtype;
import dev.upbeat.tensor.LayerAttention;
import dev.upbeat.tensor.Scoped;
import dev.upbeat.trace.AttentionWeights;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;

/** Copies of q, k and lse of a batch, from which mean maps are computed after the pass. */
final class SavedAttention implements AttentionHook, AutoCloseable {
    private final Set<Integer> layers;
    private final boolean byValueNorm;
    private final int columns;

    /** A bf16 decoder has rounded q and k already, and they are unscaled, so bf16 copies are exact. */
    private final Dtype dtype;

    private final Map<Integer, LayerAttention> saved = new TreeMap<>();

    /**
     * @param layers the layers to save
     * @param weights whether weights by value norm are saved
     */
    SavedAttention(Decoder decoder, List<Integer> layers, AttentionWeights weights) {
        this.layers = Set.copyOf(layers);
        this.byValueNorm = weights == AttentionWeights.VALUE_NORM;
        this.columns = columns(decoder, weights);
        this.dtype = decoder.dtype();
    }

    /** Bytes that q and k of a batch take; lse and mean key positions are small in comparison. */
    static long bytes(Decoder decoder, int layers, AttentionWeights weights, TraceBatch batch) {
        long heads = (long) decoder.config().heads() + decoder.config().kvHeads();
        long tokens = (long) batch.size() * batch.longest();
        return tokens
                * layers
                * heads
                * columns(decoder, weights)
                * decoder.dtype().bytes();
    }

    private static int columns(Decoder decoder, AttentionWeights weights) {
        int norms = weights == AttentionWeights.VALUE_NORM ? LayerAttention.NORM_COLUMNS : 0;
        return decoder.config().headDim() + norms;
    }

    /** Attention by layer, for {@link dev.upbeat.rhythm.MeanAttention}. */
    Map<Integer, LayerAttention> layers() {
        return saved;
    }

    @Override
    public boolean byValueNorm() {
        return byValueNorm;
    }

    @Override
    public boolean wants(int layer) {
        return layers.contains(layer);
    }

    @Override
    public void observe(int layer, LayerAttention attention) {
        saved.put(
                layer,
                new LayerAttention(
                        Scoped.keep(copy(attention.q())),
                        Scoped.keep(copy(attention.k())),
                        attention.scale(),
                        Scoped.keep(attention.lse().clone()),
                        Scoped.keep(attention.meanKey().clone()),
                        attention.slidingWindow()));
    }

    /** A copy without the zero columns that {@code PositionColumns} appends. */
    private Tensor copy(Tensor x) {
        return x.narrow(3, 0, columns).to(dtype.scalarType(), false, true, new MemoryFormatOptional());
    }

    @Override
    public void close() {
        saved.values().forEach(layer -> {
            layer.q().close();
            layer.k().close();
            layer.lse().close();
            layer.meanKey().close();
        });
        saved.clear();
    }
}
