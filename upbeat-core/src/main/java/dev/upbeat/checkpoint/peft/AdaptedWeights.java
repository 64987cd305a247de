package dev.upbeat.checkpoint.peft;

import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.checkpoint.WeightSource;
import dev.upbeat.checkpoint.peft.LoraAdapter.Lora;
import dev.upbeat.tensor.Dtype;
import dev.upbeat.tensor.Scoped;
import dev.upbeat.tensor.Tensors;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;

/**
 * The weights of a model with an adapter merged in: W + scale B A, computed in f32 from the base in any dtype and rounded once to
 * the dtype that is read. A weight without an adapter is read as from the base, so it may stay a view of its file.
 */
public final class AdaptedWeights implements WeightSource {
    private final WeightSource base;
    private final LoraAdapter adapter;
    private final boolean untied;

    /**
     * @param base closed with this source, as is {@code adapter}
     * @param config of the base
     */
    public AdaptedWeights(WeightSource base, ModelConfig config, LoraAdapter adapter) {
        this.base = base;
        this.adapter = adapter;
        this.untied = config.tiedEmbeddings() && !adapter.keepsTie();
    }

    /** Whether the adapter gives a model whose head is its embedding a head of its own. */
    public boolean isUntied() {
        return untied;
    }

    @Override
    public Set<String> names() {
        if (!untied || base.names().contains(LoraAdapter.HEAD)) {
            return base.names();
        }
        Set<String> names = new LinkedHashSet<>(base.names());
        names.add(LoraAdapter.HEAD);
        return Collections.unmodifiableSet(names);
    }

    @Override
    public long[] shape(String name) {
        return base.shape(baseName(name));
    }

    /** The base's weight; the embedding for the head of a tied model. */
    private String baseName(String name) {
        return untied && name.equals(LoraAdapter.HEAD) ? LoraAdapter.EMBEDDING : name;
    }

    @Override
    public Tensor read(String name, Dtype dtype) {
        Lora lora = adapter.loras().get(name);
        if (lora != null) {
            return Scoped.call(() -> merged(unmerged(name, Dtype.F32), lora).to(dtype.scalarType()));
        }
        return unmerged(name, dtype);
    }

    private Tensor unmerged(String name, Dtype dtype) {
        return adapter.replaces(name)
                ? Scoped.call(() -> adapter.replacement(name).to(dtype.scalarType()))
                : base.read(baseName(name), dtype);
    }

    /** @param weight [O, I], f32, left as it is */
    private Tensor merged(Tensor weight, Lora lora) {
        Tensor a = adapter.a(lora);
        Tensor b = adapter.b(lora);
        Tensor sum = lora.ofEmbedding()
                ? weight.addmm(a.t(), b.t(), Tensors.scalar(1), Tensors.scalar(lora.scale()))
                : weight.addmm(b, a, Tensors.scalar(1), Tensors.scalar(lora.scale()));
        Tensor magnitude = adapter.magnitude(lora);
        if (magnitude == null) {
            return sum;
        }
        Tensor norms = sum.mul(sum).sum(1).sqrt(); // of each output's row, as DoRA divides it out
        return sum.mul(magnitude.div(norms).unsqueeze(1));
    }

    @Override
    public void close() {
        base.close();
        adapter.close();
    }
}
