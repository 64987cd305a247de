package dev.upbeat.learn;

import dev.upbeat.checkpoint.Checkpoint;
import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.checkpoint.peft.LoraAdapter;
import dev.upbeat.checkpoint.peft.LoraSettings;
import dev.upbeat.checkpoint.peft.LoraWriter;
import dev.upbeat.model.Decoder;
import dev.upbeat.model.Dropout;
import dev.upbeat.model.Finite;
import dev.upbeat.model.LowRank;
import dev.upbeat.series.RandomStream;
import dev.upbeat.tensor.Dtype;
import dev.upbeat.tensor.Scoped;
import dev.upbeat.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A policy of which a low-rank update is trained (LoRA, arXiv 2106.09685). The base's weights are frozen: views of the mapped
 * file if they have the dtype of the products, else one copy. A single decoder serves all roles. It applies A and B beside the
 * weights, and both are views of the f32 master weights, so it always has their latest values.
 */
public final class LoraPolicy extends Policy {
    private final LoraSettings settings;
    private final LoraWriter.Base base;
    private final long seed;
    private final MasterWeights weights;
    private final Decoder decoder;
    private final Decoder frozen;

    /** Views of the masters in the decoder. */
    private final List<Tensor> views = new ArrayList<>();

    private LoraPolicy(Checkpoint start, Dtype compute, LoraSettings settings, LoraWriter.Base base, long seed) {
        super(start.config(), compute);
        this.settings = settings;
        this.base = base;
        this.seed = seed;
        this.weights = new MasterWeights(new FlatWeights(settings.shapes(start.config())), Dtype.F32);
        try {
            Map<String, LowRank> updates = updates(start.config());
            this.decoder = Decoder.load(start.config(), start.weights(), compute, updates::get);
            this.frozen = decoder.withoutUpdates();
        } catch (RuntimeException | Error e) {
            closeMasters();
            throw e;
        }
    }

    private Map<String, LowRank> updates(ModelConfig config) {
        Map<String, LowRank> updates = new HashMap<>();
        for (String module : settings.modules(config)) {
            Tensor a = view(LoraSettings.a(module));
            Tensor b = view(LoraSettings.b(module));
            updates.put(module + ".weight", new LowRank(updates.size(), a, b, settings.scale()));
        }
        return updates;
    }

    private Tensor view(String name) {
        try (PointerScope scope = new PointerScope()) {
            Tensor view = Scoped.keep(weights.master(name));
            views.add(view);
            return view;
        }
    }

    /**
     * A new adapter over a model, initialised as PEFT does: A uniform in [-1 / sqrt(I), 1 / sqrt(I)] (Kaiming with a = sqrt(5)),
     * B zero, so the policy is the model. The same seed gives the same A on every machine.
     *
     * @param start the base, which may be closed afterwards; its mapped file stays open until the policy is closed
     * @param compute dtype of the products with the base's weights
     * @param base name of the base in the saved settings
     * @param seed of A and of the dropout
     */
    public static LoraPolicy begin(
            Checkpoint start, Dtype compute, LoraSettings settings, LoraWriter.Base base, long seed) {
        LoraPolicy policy = new LoraPolicy(start, compute, settings, base, seed);
        for (String module : settings.modules(start.config())) {
            policy.initialise(LoraSettings.a(module));
        }
        return policy;
    }

    private void initialise(String name) {
        SplittableRandom random = new SplittableRandom(seed ^ ((long) name.hashCode() << 32));
        long[] shape = layout().shape(name);
        double bound = 1 / Math.sqrt(shape[1]);
        float[] values = new float[Math.toIntExact(shape[0] * shape[1])];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) ((2 * random.nextDouble() - 1) * bound);
        }
        Scoped.run(() -> weights.master(name).copy_(Tensors.of(values, shape)));
    }

    /**
     * As {@link #begin}, with the values of a saved adapter.
     *
     * @param adapter directory that {@link #save} wrote
     * @throws dev.upbeat.io.BadInputException if the adapter is missing or damaged, or has other modules or another rank
     */
    public static LoraPolicy resume(
            Checkpoint start, Dtype compute, LoraSettings settings, LoraWriter.Base base, long seed, Path adapter) {
        LoraPolicy policy = new LoraPolicy(start, compute, settings, base, seed);
        try (LoraAdapter saved = LoraAdapter.open(adapter, start.config())) {
            saved.requireSettings(settings, start.config());
            for (String module : settings.modules(start.config())) {
                LoraAdapter.Lora lora = Objects.requireNonNull(saved.loras().get(module + ".weight"), module);
                Scoped.run(() -> {
                    policy.weights.master(LoraSettings.a(module)).copy_(saved.a(lora));
                    policy.weights.master(LoraSettings.b(module)).copy_(saved.b(lora));
                });
            }
            return policy;
        } catch (RuntimeException | Error e) {
            policy.close();
            throw e;
        }
    }

    @Override
    public Decoder decoder() {
        return decoder;
    }

    @Override
    Decoder trainingDecoder() {
        return decoder;
    }

    /** The base without the update, which shares its weights with this policy and is closed with it. */
    public Decoder base() {
        return frozen;
    }

    @Override
    MasterWeights weights() {
        return weights;
    }

    /** Only checks the values: the decoder uses the masters themselves. */
    @Override
    void updateDecoders() {
        Finite.requireTrained(weights.masters(), "low-rank update");
    }

    /** Writes the adapter as PEFT does, in f32. The companions belong to the base. */
    @Override
    public void save(Path directory, Map<String, byte[]> companions) throws IOException {
        try (PointerScope scope = new PointerScope()) {
            Map<String, Tensor> tensors = new TreeMap<>();
            for (String name : layout().names()) {
                tensors.put(name, weights.master(name));
            }
            LoraWriter.write(directory, settings, base, tensors);
        }
    }

    @Override
    boolean savesRounded() {
        return false;
    }

    @Override
    boolean readRounded() {
        return false;
    }

    @Override
    @Nullable
    Dropout dropout(long step, int microBatch) {
        return settings.dropout() == 0
                ? null
                : new Dropout(
                        settings.dropout(),
                        RandomStream.of(seed, step, microBatch).nextLong());
    }

    private void closeMasters() {
        views.forEach(Tensor::close);
        weights.close();
    }

    @Override
    public void close() {
        decoder.close();
        closeMasters();
    }
}
