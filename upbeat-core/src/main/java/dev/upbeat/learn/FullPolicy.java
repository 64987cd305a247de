package dev.upbeat.learn;

import dev.upbeat.checkpoint.Checkpoint;
import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.checkpoint.ModelWriter;
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
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A policy all of whose weights are trained. The optimiser updates f32 master weights. The training decoder uses views of
 * them, or of a rounded copy if it computes in bf16. The inference decoder, which samples and observes responses, uses packed
 * copies of the weights of the training decoder.
 */
public final class FullPolicy extends Policy {
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

    private FullPolicy(ModelConfig config, Dtype compute, boolean readRounded, Filler filler) {
        super(config, compute);
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

    /** {@link Policy#load(Checkpoint, Dtype, Dtype)}. */
    static FullPolicy of(Checkpoint checkpoint, Dtype compute, @Nullable Dtype saved) {
        ModelConfig read = checkpoint.config().storedAs(compute);
        return new FullPolicy(
                saved == null ? read : read.storedIn(saved),
                compute,
                ModelWriter.rounds(read),
                (name, master) -> master.copy_(checkpoint.weights().read(name, Dtype.F32)));
    }

    /** {@link Policy#fromScratch}. */
    static FullPolicy random(ModelConfig config, long seed) {
        return new FullPolicy(config.storedAs(Dtype.F32), Dtype.F32, false, (name, master) -> {
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

    @Override
    public Decoder decoder() {
        return decoder;
    }

    @Override
    Decoder trainingDecoder() {
        return trainingDecoder;
    }

    /**
     * Replaces the rows of consecutive tokens in the embedding and in the projection to the vocabulary.
     *
     * @param firstId id of the first row
     * @param rows [tokens][E]
     */
    public void setTokenVectors(int firstId, float[][] rows) {
        for (int i = 0; i < rows.length; i++) {
            if (rows[i].length != config().hidden() || firstId < 0 || firstId + i >= config().vocabulary()) {
                throw new IllegalArgumentException("row " + i + " has " + rows[i].length + " values for token "
                        + (firstId + i) + ", expected " + config().hidden() + " for a token below "
                        + config().vocabulary());
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

    @Override
    MasterWeights weights() {
        return weights;
    }

    @Override
    void updateDecoders() {
        weights.round();
        decoder.reload(new Weights(true));
    }

    /**
     * Writes a Hugging Face directory: model.safetensors in the dtype of {@link #config}, config.json with this dtype, and the
     * companions. Without a config.json among them, as for a GGUF file or a new model, one is generated.
     */
    @Override
    public void save(Path directory, Map<String, byte[]> companions) throws IOException {
        ModelWriter.write(directory, companions, config(), weights::master);
    }

    @Override
    boolean savesRounded() {
        return ModelWriter.rounds(config());
    }

    @Override
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
