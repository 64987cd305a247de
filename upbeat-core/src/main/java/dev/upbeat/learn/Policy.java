package dev.upbeat.learn;

import dev.upbeat.checkpoint.Checkpoint;
import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.model.Decoder;
import dev.upbeat.model.Dropout;
import dev.upbeat.tensor.Dtype;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/** Policy: one set of weights for all roles, of which all or a low-rank update are trained. */
public abstract sealed class Policy implements AutoCloseable permits FullPolicy, LoraPolicy {
    private final ModelConfig config;
    private final Dtype compute;

    Policy(ModelConfig config, Dtype compute) {
        this.config = config;
        this.compute = compute;
    }

    /** As {@link #load(Checkpoint, Dtype, Dtype)}, saved in f32. */
    public static Policy load(Checkpoint checkpoint, Dtype compute) {
        return load(checkpoint, compute, Dtype.F32);
    }

    /**
     * Reads a checkpoint into f32 master weights, all of which are trained. The checkpoint may be closed afterwards.
     *
     * @param compute dtype of the decoder's weights and matrix products
     * @param saved dtype of the weights that {@link #save} writes; null for the checkpoint's, or for {@code compute} if that is
     *     unknown
     */
    public static Policy load(Checkpoint checkpoint, Dtype compute, @Nullable Dtype saved) {
        return FullPolicy.of(checkpoint, compute, saved);
    }

    /**
     * A randomly initialised model, with the scheme of GPT-2: matrices are normal with standard deviation 0.02, divided
     * by sqrt(2 L) for those that write to the residual stream; norms are 1, biases 0. The same seed gives the same
     * weights on every machine. It is saved in the configuration's stored dtype, f32 if that is unknown.
     */
    public static FullPolicy fromScratch(ModelConfig config, long seed) {
        return FullPolicy.random(config, seed);
    }

    /** Configuration of the model; its stored dtype is that of {@link #save} if that saves a model. */
    public ModelConfig config() {
        return config;
    }

    /** Dtype of matrix products. */
    public Dtype compute() {
        return compute;
    }

    /** The inference decoder, which always has the latest weights. It is closed with the policy. */
    public abstract Decoder decoder();

    /** The training decoder. */
    abstract Decoder trainingDecoder();

    /** Masters, gradients and the training decoder's copy of the trained weights. */
    abstract MasterWeights weights();

    /** Master weights, f32, flat. After a change in place the decoders must be updated. */
    Tensor masters() {
        return weights().masters();
    }

    FlatWeights layout() {
        return weights().layout();
    }

    /** Size of the flat trained weights, padding included. */
    public long size() {
        return layout().size();
    }

    /** Number of weights that are trained. */
    public long trainedWeights() {
        return layout().count();
    }

    /**
     * Updates both decoders with the master weights.
     *
     * @throws dev.upbeat.model.NotFiniteException if a weight is NaN or infinite
     */
    abstract void updateDecoders();

    /**
     * Writes the trained weights with what is needed to load them.
     *
     * @param directory created if missing; files in it are replaced atomically
     * @param companions {@link Checkpoint#companions} of the loaded checkpoint
     */
    public abstract void save(Path directory, Map<String, byte[]> companions) throws IOException;

    /** Whether {@link #save} rounds the master weights. */
    abstract boolean savesRounded();

    /** Whether the loaded checkpoint has rounded weights, if a training saved it. */
    abstract boolean readRounded();

    /**
     * Dropout of a forward and backward pass in training; null for none.
     *
     * @param step number of gradient steps taken
     * @param microBatch number of the micro-batch in its gradient step
     */
    @Nullable
    Dropout dropout(long step, int microBatch) {
        return null;
    }

    @Override
    public abstract void close();
}
