package dev.upbeat.learn;

import dev.upbeat.checkpoint.Checkpoint;
import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.checkpoint.WeightSource;
import dev.upbeat.model.Decoder;
import dev.upbeat.tensor.Dtype;
import dev.upbeat.tensor.Scoped;
import dev.upbeat.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Policy: one set of weights for all roles. The optimiser updates f32 master weights. The training decoder uses views
 * of them, or of a rounded copy if it computes in bf16. The inference decoder, which samples and observes responses,
 * uses packed copies of the weights of the training decoder.
 */
public final class Policy implements AutoCloseable {
    private final ModelConfig config;
    private final Dtype compute;
    private final boolean readRounded;
    private final MasterWeights weights;
    private final Decoder trainingDecoder;
    private final Decoder decoder;

    /** Actions that free the resources of the policy, the latest first. */
    private final Deque<Runnable> owned = new ArrayDeque<>();

    /** Initialises a master weight. */
    private interface Filler {
        void fill(String name, Tensor master);
    }

    private Policy(ModelConfig config, Dtype compute, boolean readRounded, Filler filler) {
        this.config = config;
        this.compute = compute;
        this.readRounded = readRounded;
        this.weights = new MasterWeights(new FlatWeights(config), compute);
        owned.push(weights::close);
        try {
            for (String name : layout().names()) {
                Scoped.run(() -> filler.fill(name, weights.master(name)));
            }
            weights.round();
            this.trainingDecoder = owned(Decoder.load(config, new Weights(false), compute));
            this.decoder = owned(Decoder.load(config, new Weights(true), compute));
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** As {@link #load(Checkpoint, Dtype, Dtype)}, saved in f32. */
    public static Policy load(Checkpoint checkpoint, Dtype compute) {
        return load(checkpoint, compute, Dtype.F32);
    }

    /**
     * Reads a checkpoint into f32 master weights. The checkpoint may be closed afterwards.
     *
     * @param compute dtype of the decoder's weights and matrix products
     * @param saved dtype of the weights that {@link #save} writes; null for the checkpoint's, or for {@code compute} if that is
     *     unknown
     */
    public static Policy load(Checkpoint checkpoint, Dtype compute, @Nullable Dtype saved) {
        ModelConfig read = checkpoint.config().storedAs(compute);
        return new Policy(
                saved == null ? read : read.storedIn(saved),
                compute,
                Export.rounds(read),
                (name, master) -> master.copy_(checkpoint.weights().read(name, Dtype.F32)));
    }

    /**
     * A randomly initialised model, with the scheme of GPT-2: matrices are normal with standard deviation 0.02, divided
     * by sqrt(2 L) for those that write to the residual stream; norms are 1, biases 0. The same seed gives the same
     * weights on every machine. It is saved in the configuration's stored dtype, f32 if that is unknown.
     */
    public static Policy fromScratch(ModelConfig config, long seed) {
        return new Policy(config.storedAs(Dtype.F32), Dtype.F32, false, (name, master) -> {
            if (master.dim() == 1) {
                master.fill_(Tensors.scalar(name.endsWith("norm.weight") ? 1 : 0));
                return;
            }
            boolean residual = name.endsWith("o_proj.weight") || name.endsWith("down_proj.weight");
            double deviation = residual ? 0.02 / Math.sqrt(2.0 * config.layers()) : 0.02;
            SplittableRandom random = new SplittableRandom(seed ^ ((long) name.hashCode() << 32));
            float[] values = new float[(int) master.numel()];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (deviation * random.nextGaussian());
            }
            master.copy_(Tensors.of(values, master.size(0), master.size(1)));
        });
    }

    /** The master weights in a dtype: views for the training decoder, or copies that the inference decoder packs. */
    private final class Weights implements WeightSource {
        private final boolean copies;

        Weights(boolean copies) {
            this.copies = copies;
        }

        @Override
        public Set<String> names() {
            return layout().names();
        }

        @Override
        public long[] shape(String name) {
            return layout().shape(name);
        }

        @Override
        public Tensor read(String name, Dtype dtype) {
            Tensor view = weights.view(name, dtype);
            return copies ? view.clone() : view;
        }

        @Override
        public void close() {}
    }

    /** Configuration of the model; its stored dtype is that of {@link #save}. */
    public ModelConfig config() {
        return config;
    }

    /** Dtype of matrix products. */
    public Dtype compute() {
        return compute;
    }

    /** The inference decoder, which always has the latest weights. It is closed with the policy. */
    public Decoder decoder() {
        return decoder;
    }

    /** The training decoder. */
    Decoder trainingDecoder() {
        return trainingDecoder;
    }

    /** Size of the flat weights, padding included. */
    public long size() {
        return layout().size();
    }

    /**
     * Replaces the rows of consecutive tokens in the embedding and in the projection to the vocabulary.
     *
     * @param firstId id of the first row
     * @param rows [tokens][E]
     */
    public void setTokenVectors(int firstId, float[][] rows) {
        for (int i = 0; i < rows.length; i++) {
            if (rows[i].length != config.hidden() || firstId < 0 || firstId + i >= config.vocabulary()) {
                throw new IllegalArgumentException("row " + i + " has " + rows[i].length + " values for token "
                        + (firstId + i) + ", expected " + config.hidden() + " for a token below "
                        + config.vocabulary());
            }
            int id = firstId + i;
            float[] row = rows[i];
            for (String name : List.of("model.embed_tokens.weight", "lm_head.weight")) {
                if (layout().has(name)) {
                    Scoped.run(() -> weights.master(name).select(0, id).copy_(Tensors.of(row, row.length)));
                }
            }
        }
        updateDecoders();
    }

    /** Master weights, f32, flat. After a change in place the decoders must be updated. */
    Tensor masters() {
        return weights.masters();
    }

    /** Masters, gradients and the training decoder's copy. */
    MasterWeights weights() {
        return weights;
    }

    FlatWeights layout() {
        return weights.layout();
    }

    /** Updates both decoders with the master weights. */
    void updateDecoders() {
        weights.round();
        decoder.reload(new Weights(true));
    }

    /**
     * Writes a Hugging Face directory: model.safetensors in the dtype of {@link #config}, config.json with this dtype, and the
     * other files of the checkpoint.
     *
     * @param directory created if missing; files in it are replaced atomically
     * @param companions {@link Checkpoint#companions} of the loaded checkpoint; if they have no config.json, as for a
     *     GGUF file or a new model, one is generated
     */
    public void save(Path directory, Map<String, byte[]> companions) throws IOException {
        try (PointerScope scope = new PointerScope()) {
            Map<String, Tensor> tensors = new TreeMap<>();
            for (String name : layout().names()) {
                tensors.put(name, weights.master(name));
            }
            Export.write(directory, companions, config, tensors);
        }
    }

    /** Whether {@link #save} rounds the master weights. */
    boolean savesRounded() {
        return Export.rounds(config);
    }

    /** Whether the loaded checkpoint has rounded weights, if a training saved it. */
    boolean readRounded() {
        return readRounded;
    }

    private Decoder owned(Decoder decoder) {
        owned.push(decoder::close);
        return decoder;
    }

    @Override
    public void close() {
        owned.forEach(Runnable::run);
    }
}
