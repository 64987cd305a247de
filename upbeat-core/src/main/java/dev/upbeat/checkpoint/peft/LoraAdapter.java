package dev.upbeat.checkpoint.peft;

import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.checkpoint.Safetensors;
import dev.upbeat.checkpoint.WeightShapes;
import dev.upbeat.io.BadInputException;
import dev.upbeat.tensor.Dtype;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A LoRA adapter of PEFT on disk (adapter_config.json, adapter_model.safetensors), checked against the model that it belongs to:
 * every tensor that the settings call for is there with its shape, and no other. Weights have the Hugging Face names of {@link
 * WeightShapes}; the head is {@code lm_head.weight} even if it is the embedding.
 */
public final class LoraAdapter implements AutoCloseable {
    static final String EMBEDDING = "model.embed_tokens.weight";
    static final String HEAD = "lm_head.weight";

    static final String PREFIX = "base_model.model.";
    static final String WEIGHTS = "adapter_model.safetensors";
    private static final String PICKLED = "adapter_model.bin";
    private static final int NAMED = 3;

    private final Path directory;
    private final LoraConfig config;
    private final Safetensors stored;
    private final Map<String, Lora> loras = new LinkedHashMap<>();
    private final Map<String, String> replacements = new LinkedHashMap<>();
    private boolean tied;

    /**
     * The low-rank update of a matrix [O, I]: {@code scale B A}, for an embedding {@code scale (B A)^T}.
     *
     * @param module such as {@code model.layers.0.self_attn.q_proj}
     * @param rank r
     * @param scale alpha / r, or alpha / sqrt(r)
     */
    public record Lora(String module, int rank, double scale) {
        boolean ofEmbedding() {
            return weight().equals(EMBEDDING);
        }

        String weight() {
            return module + ".weight";
        }

        private String stored(String part) {
            return PREFIX + module + "." + part;
        }

        private String a() {
            return stored(ofEmbedding() ? "lora_embedding_A" : "lora_A.weight");
        }

        private String b() {
            return stored(ofEmbedding() ? "lora_embedding_B" : "lora_B.weight");
        }

        private String magnitude() {
            return stored("lora_magnitude_vector");
        }
    }

    private LoraAdapter(Path directory, LoraConfig config, Safetensors stored, boolean tied) {
        this.directory = directory;
        this.config = config;
        this.stored = stored;
        this.tied = tied;
    }

    /**
     * Opens an adapter and checks it, values excepted.
     *
     * @param model configuration of the base
     * @throws BadInputException if a file is missing, damaged or of an unsupported kind, or does not fit the model
     */
    public static LoraAdapter open(Path directory, ModelConfig model) {
        if (!Files.exists(directory.resolve(LoraConfig.FILE))) {
            throw new BadInputException(directory + " has no " + LoraConfig.FILE + ": expected the directory of a PEFT"
                    + " adapter, with " + LoraConfig.FILE + " and " + WEIGHTS + ".");
        }
        LoraConfig config = LoraConfig.read(directory);
        if (!Files.exists(directory.resolve(WEIGHTS))) {
            throw new BadInputException(directory + " has no " + WEIGHTS
                    + (Files.exists(directory.resolve(PICKLED))
                            ? ", but " + PICKLED + ", a pickled file, which Upbeat does not read: load the adapter with"
                                    + " peft and save it again by save_pretrained."
                            : ": expected the weights of the adapter. Fetch it again."));
        }
        LoraAdapter adapter = new LoraAdapter(
                directory, config, Safetensors.open(directory.resolve(WEIGHTS)), model.tiedEmbeddings());
        try {
            adapter.resolve(model);
            return adapter;
        } catch (RuntimeException e) {
            adapter.close();
            throw e;
        }
    }

    private void resolve(ModelConfig model) {
        AdapterLayout layout = AdapterLayout.of(config, model);
        Map<String, long[]> expected = new LinkedHashMap<>();
        layout.loras().forEach((lora, shape) -> {
            loras.put(lora.weight(), lora);
            boolean transposed = lora.ofEmbedding();
            expected.put(lora.a(), new long[] {lora.rank(), shape[transposed ? 0 : 1]});
            expected.put(lora.b(), new long[] {shape[transposed ? 1 : 0], lora.rank()});
            if (config.dora()) {
                expected.put(lora.magnitude(), new long[] {shape[0]});
            }
        });
        layout.replaced().forEach((weight, shape) -> {
            String name = layout.storedName(weight);
            replacements.put(weight, PREFIX + name);
            expected.put(PREFIX + name, shape);
        });
        layout.optional().forEach((weight, shape) -> {
            String name = PREFIX + layout.storedName(weight);
            if (stored.names().contains(name)) {
                replacements.put(weight, name);
                expected.put(name, shape);
            }
        });
        checkTensors(expected);
        resolveTie(layout);
    }

    private void checkTensors(Map<String, long[]> expected) {
        List<String> missing = expected.keySet().stream()
                .filter(name -> !stored.names().contains(name))
                .toList();
        if (!missing.isEmpty()) {
            throw unfit("lacks " + some(missing) + ", which its settings call for");
        }
        List<String> unexpected = new TreeSet<>(stored.names())
                .stream().filter(name -> !expected.containsKey(name)).toList();
        if (!unexpected.isEmpty()) {
            throw unfit("has " + some(unexpected) + ", which its settings or the model do not have");
        }
        expected.forEach((name, shape) -> {
            if (!Arrays.equals(stored.shape(name), shape)) {
                throw unfit("has tensor " + name + " of shape " + Arrays.toString(stored.shape(name)) + ", expected "
                        + Arrays.toString(shape));
            }
        });
    }

    private BadInputException unfit(String what) {
        return new BadInputException(directory.resolve(WEIGHTS) + " " + what + ". Check that " + LoraConfig.FILE
                + " belongs to it, and that the adapter was trained on this base model.");
    }

    private static String some(List<String> tensors) {
        String first = String.join(", ", tensors.subList(0, Math.min(NAMED, tensors.size())));
        return (tensors.size() == 1 ? "tensor " : tensors.size() + " tensors: ")
                + first
                + (tensors.size() > NAMED ? ", .." : "");
    }

    /** Decides whether a head that is the embedding stays so. */
    private void resolveTie(AdapterLayout layout) {
        if (!tied) {
            return;
        }
        String embedding = replacements.get(EMBEDDING);
        String head = replacements.get(HEAD);
        if (embedding != null && head == null && layout.isShared(EMBEDDING)) {
            replacements.put(HEAD, embedding);
        } else if (head != null && embedding == null && layout.isShared(HEAD)) {
            replacements.put(EMBEDDING, head);
        }
        if (config.keepsTie()) { // the head's tensors repeat those of the embedding
            loras.remove(HEAD);
            replacements.remove(HEAD);
            return;
        }
        boolean adapted = loras.containsKey(EMBEDDING) || loras.containsKey(HEAD);
        tied = !adapted && haveSameValues(replacements.get(EMBEDDING), replacements.get(HEAD));
    }

    private boolean haveSameValues(@Nullable String one, @Nullable String other) {
        if (one == null || other == null) {
            return one == null && other == null;
        }
        return stored.sameBytes(one, other);
    }

    /** Low-rank updates by the name of the weight. */
    public Map<String, Lora> loras() {
        return Collections.unmodifiableMap(loras);
    }

    /**
     * Rejects an adapter that was not trained with these settings.
     *
     * @throws BadInputException if it has other modules, another rank or another scale
     */
    public void requireSettings(LoraSettings settings, ModelConfig model) {
        Map<String, Lora> expected = new LinkedHashMap<>();
        for (String module : settings.modules(model)) {
            Lora lora = new Lora(module, settings.rank(), settings.scale());
            expected.put(lora.weight(), lora);
        }
        if (!loras.equals(expected) || !replacements.isEmpty()) {
            throw new BadInputException(config.file() + " has other modules, another rank or another scale than the"
                    + " training, expected " + settings + ". Restore the file, or delete the checkpoint.");
        }
    }

    /** Whether the adapter has its own values for a weight or bias, in place of the base's. */
    boolean replaces(String weight) {
        return replacements.containsKey(weight);
    }

    /** Whether the head is still the embedding if it is in the base. */
    boolean keepsTie() {
        return tied;
    }

    /** A, [r, I] in f32; of an embedding [r, V]. */
    public Tensor a(Lora lora) {
        return read(lora.a());
    }

    /** B, [O, r] in f32; of an embedding [E, r]. */
    public Tensor b(Lora lora) {
        return read(lora.b());
    }

    /** Magnitude of DoRA, [O] in f32; null for plain LoRA. */
    @Nullable
    Tensor magnitude(Lora lora) {
        return config.dora() ? read(lora.magnitude()) : null;
    }

    /** The adapter's own values of a weight or bias that it replaces. */
    Tensor replacement(String weight) {
        String name = replacements.get(weight);
        if (name == null) {
            throw new IllegalArgumentException(weight + " is not replaced");
        }
        return read(name);
    }

    private Tensor read(String name) {
        Tensor tensor = stored.read(name, Dtype.F32);
        try (PointerScope scope = new PointerScope()) {
            if (!Double.isFinite(tensor.sum().item_double())) { // finite only if every value is
                throw unfit("has values in tensor " + name + " that are NaN or infinite, expected finite numbers");
            }
        }
        return tensor;
    }

    /** The files that make the adapter: the weights, then the settings. */
    public List<Path> files() {
        return List.of(directory.resolve(WEIGHTS), directory.resolve(LoraConfig.FILE));
    }

    @Override
    public void close() {
        stored.close();
    }
}
