package dev.upbeat.observe;

import dev.upbeat.model.AttentionHook;
import dev.upbeat.model.Decoder;
import dev.upbeat.tensor.Dtype;
import dev.upbeat.tensor.LayerAttention;
import dev.upbeat.tensor.Scoped;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;

/** Keeps q, k and lse of a batch beyond its pass, until it is closed: what mean maps are drawn from. */
final class SavedAttention implements AttentionHook, AutoCloseable {
    private final Set<Integer> layers;
    private final int headDim;

    /** A bf16 decoder has rounded q and k already: bf16 holds them exactly, unscaled as they are. */
    private final Dtype dtype;

    private final Map<Integer, LayerAttention> kept = new TreeMap<>();

    /** @param layers the layers to keep */
    SavedAttention(Decoder decoder, List<Integer> layers) {
        this.layers = Set.copyOf(layers);
        this.headDim = decoder.config().headDim();
        this.dtype = decoder.dtype();
    }

    /** What q and k of a batch take; lse and mean keys are small beside them. */
    static long bytes(Decoder decoder, int layers, TraceBatch batch) {
        long heads = (long) decoder.config().heads() + decoder.config().kvHeads();
        long tokens = (long) batch.size() * batch.longest();
        return tokens
                * layers
                * heads
                * decoder.config().headDim()
                * decoder.dtype().bytes();
    }

    /** Layer -> attention, as {@link dev.upbeat.rhythm.MeanAttention} wants it. */
    Map<Integer, LayerAttention> layers() {
        return kept;
    }

    @Override
    public boolean wants(int layer) {
        return layers.contains(layer);
    }

    @Override
    public void observe(int layer, LayerAttention seen) {
        kept.put(
                layer,
                new LayerAttention(
                        Scoped.keep(copy(seen.q())),
                        Scoped.keep(copy(seen.k())),
                        seen.scale(),
                        Scoped.keep(seen.lse().clone()),
                        Scoped.keep(seen.meanKey().clone()),
                        seen.slidingWindow()));
    }

    /** Without the zeros behind the head's own columns. */
    private Tensor copy(Tensor x) {
        return x.narrow(3, 0, headDim).to(dtype.scalarType(), false, true, new MemoryFormatOptional());
    }

    @Override
    public void close() {
        kept.values().forEach(layer -> {
            layer.q().close();
            layer.k().close();
            layer.lse().close();
            layer.meanKey().close();
        });
        kept.clear();
    }
}
