package dev.upbeat.checkpoint;

import dev.upbeat.tensor.Dtype;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;

/**
 * The weights of a checkpoint by their Hugging Face names ({@code model.layers.0.self_attn.q_proj.weight}), for GGUF
 * files too. Closing it unmaps the files: tensors that were read without a copy must not be used afterwards.
 */
public interface WeightSource extends AutoCloseable {
    Set<String> names();

    /** @throws dev.upbeat.io.BadInputException if there is no such tensor */
    long[] shape(String name);

    /**
     * Reads a tensor in {@code dtype}: a read-only view of the mapped file if it is stored in that dtype, else a
     * converted copy. It belongs to the innermost open {@link org.bytedeco.javacpp.PointerScope}.
     *
     * @throws dev.upbeat.io.BadInputException if there is no such tensor
     */
    Tensor read(String name, Dtype dtype);

    @Override
    void close();
}
