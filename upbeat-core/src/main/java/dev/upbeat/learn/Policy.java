package dev.upbeat.learn;

import dev.upbeat.checkpoint.Checkpoint;
import dev.upbeat.checkpoint.HfConfigWriter;
import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.checkpoint.SafetensorsWriter;
import dev.upbeat.checkpoint.WeightSource;
import dev.upbeat.io.AtomicFiles;
import dev.upbeat.model.Decoder;
import dev.upbeat.model.Gradients;
import dev.upbeat.tensor.Dtype;
import dev.upbeat.tensor.Scoped;
import dev.upbeat.tensor.Tensors;
import dev.upbeat.tokenizer.Companions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * One set of weights for every role: f32 masters that an optimizer moves, the decoder that learns, whose weights are the
 * masters (in bf16 rounded), and the decoder that writes and observes, whose weights are packed copies of these.
 */
public final class Policy implements AutoCloseable {
    private final ModelConfig config;
    private final Dtype compute;
    private final FlatWeights layout;
    private final Tensor masters;
    private final Tensor rounded;
    private final Tensor gradients;
    private final Decoder learning;
    private final Decoder decoder;

    /** What closes what the policy holds, the latest first. */
    private final Deque<Runnable> owned = new ArrayDeque<>();

    /** Writes each weight's first value into its master. */
    private interface Filler {
        void fill(String name, Tensor master);
    }

    private Policy(ModelConfig config, Dtype compute, Filler filler) {
        this.config = config.storedAs(compute);
        this.compute = compute;
        this.layout = new FlatWeights(config);
        try {
            this.masters = owned(layout.zeros(ScalarType.Float));
            this.gradients = owned(layout.zeros(ScalarType.Float));
            this.rounded = compute == Dtype.F32 ? masters : owned(layout.zeros(compute.scalarType()));
            for (String name : layout.names()) {
                Scoped.run(() -> filler.fill(name, layout.view(masters, name)));
            }
            round();
            this.learning = owned(Decoder.load(config, new Weights(false), compute));
            this.decoder = owned(Decoder.load(config, new Weights(true), compute));
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /**
     * Reads a checkpoint into f32 masters; it may be closed afterwards.
     *
     * @param compute dtype of the decoder's weights and matrix products
     */
    public static Policy load(Checkpoint checkpoint, Dtype compute) {
        return new Policy(
                checkpoint.config(),
                compute,
                (name, master) -> master.copy_(checkpoint.weights().read(name, Dtype.F32)));
    }

    /**
     * A model that knows nothing: matrices normal with deviation 0.02, those that write to the residual stream divided by
     * sqrt(2 L) (GPT-2's scheme), norms 1, biases 0. The same seed gives the same weights on every machine.
     */
    public static Policy fromScratch(ModelConfig config, long seed) {
        return new Policy(config, Dtype.F32, (name, master) -> {
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

    /** The masters, rounded to a dtype: views that follow them, or copies, which a decoder packs. */
    private final class Weights implements WeightSource {
        private final boolean copied;

        Weights(boolean copied) {
            this.copied = copied;
        }

        @Override
        public Set<String> names() {
            return layout.names();
        }

        @Override
        public long[] shape(String name) {
            return layout.shape(name);
        }

        @Override
        public Tensor read(String name, Dtype dtype) {
            Tensor view = layout.view(dtype == Dtype.F32 ? masters : rounded, name);
            return copied ? view.clone() : view;
        }

        @Override
        public void close() {}
    }

    /** Its stored dtype is that of {@link #save}. */
    public ModelConfig config() {
        return config;
    }

    /** Dtype of matrix products. */
    public Dtype compute() {
        return compute;
    }

    /** Writes and observes by the latest weights, always; closed with the policy. */
    public Decoder decoder() {
        return decoder;
    }

    /** Learns: its weights have gradients. */
    Decoder learning() {
        return learning;
    }

    /** Number of weights that learn. */
    public long size() {
        return layout.size();
    }

    /**
     * Replaces the embedding rows, and the head's, of neighbouring tokens, by features known beforehand say.
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
                if (layout.has(name)) {
                    Scoped.run(() -> layout.view(masters, name).select(0, id).copy_(Tensors.of(row, row.length)));
                }
            }
        }
        refresh();
    }

    /** f32, flat; changed in place, the decoders then brought up to it. */
    Tensor masters() {
        return masters;
    }

    /** f32, flat, in the masters' places. */
    Tensor flatGradients() {
        return gradients;
    }

    FlatWeights layout() {
        return layout;
    }

    /**
     * Where a backward pass adds up the gradients of the learning decoder: they lie as its weights do.
     *
     * @param sums f32, flat
     */
    Gradients gradients(Tensor sums) {
        return weight -> {
            Tensor flat = weight.scalar_type().intern() == ScalarType.Float ? masters : rounded;
            long offset = (weight.data_ptr().address() - flat.data_ptr().address()) / weight.element_size();
            return sums.narrow(0, offset, weight.numel()).view_as(weight);
        };
    }

    /** Brings the learning decoder up to the masters. */
    void round() {
        if (compute != Dtype.F32) {
            Scoped.run(() -> rounded.copy_(masters));
        }
    }

    /** Brings both decoders up to the masters. */
    void refresh() {
        round();
        decoder.reload(new Weights(true));
    }

    /** The master of a weight by its Hugging Face name: a view. */
    Tensor master(String name) {
        return layout.view(masters, name);
    }

    /** The gradient of a weight by its Hugging Face name: a view. */
    Tensor gradient(String name) {
        return layout.view(gradients, name);
    }

    /**
     * Writes a Hugging Face directory: model.safetensors in the dtype that the checkpoint is stored in (in the compute dtype
     * where that is unknown), and what lies beside it.
     *
     * @param directory made where there is none; files in it are replaced, each whole or not at all
     * @param companions {@link Checkpoint#companions} of what the policy was loaded from; a config.json is made where they
     *     have none, as of a GGUF file or of a model from scratch
     */
    public void save(Path directory, Map<String, byte[]> companions) throws IOException {
        Files.createDirectories(directory);
        for (Map.Entry<String, byte[]> file : companions.entrySet()) {
            AtomicFiles.write(directory.resolve(file.getKey()), out -> out.write(file.getValue()));
        }
        if (!companions.containsKey(Companions.CONFIG)) {
            AtomicFiles.writeString(directory.resolve(Companions.CONFIG), HfConfigWriter.toJson(config));
        }
        try (PointerScope scope = new PointerScope()) {
            Map<String, Tensor> tensors = new TreeMap<>();
            for (String name : layout.names()) {
                tensors.put(name, layout.view(masters, name).to(storedType()));
            }
            SafetensorsWriter.write(directory.resolve("model.safetensors"), tensors);
        }
    }

    /** Whether {@link #save} rounds the masters. */
    boolean storesRounded() {
        return !storedType().equals(ScalarType.Float);
    }

    private ScalarType storedType() {
        return switch (Objects.requireNonNull(config.storedDtype())) {
            case "bfloat16" -> ScalarType.BFloat16;
            case "float16" -> ScalarType.Half;
            default -> ScalarType.Float;
        };
    }

    private Tensor owned(Tensor tensor) {
        owned.push(tensor::close);
        return tensor;
    }

    private Decoder owned(Decoder made) {
        owned.push(made::close);
        return made;
    }

    @Override
    public void close() {
        owned.forEach(Runnable::run);
    }
}
