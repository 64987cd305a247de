package dev.upbeat.checkpoint;

import dev.upbeat.io.BadInputException;
import dev.upbeat.tensor.Dtype;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;

/**
 * The weights of a Hugging Face directory under the names of {@link WeightShapes}, resolved as in transformers 5. A
 * model saved without its head has names without the prefix {@code model.}. A tied model may store its matrix as
 * embedding, as head or as both; if it has both and they differ, the model is not tied, even if its configuration says
 * so.
 */
final class HfWeights implements WeightSource {
    static final String HEAD = "lm_head.weight";
    static final String EMBEDDING = "model.embed_tokens.weight";
    private static final String PREFIX = "model.";

    private final Safetensors stored;
    private final Map<String, String> storedNames;
    private final ModelConfig config;

    private HfWeights(Safetensors stored, Map<String, String> storedNames, ModelConfig config) {
        this.stored = stored;
        this.storedNames = Collections.unmodifiableMap(storedNames);
        this.config = config;
    }

    /**
     * @param config from config.json
     * @param stored closed with the result
     * @throws BadInputException if a tensor exists both with and without the prefix
     */
    static HfWeights of(Path directory, ModelConfig config, Safetensors stored) {
        Set<String> expected = WeightShapes.of(config).keySet();
        Map<String, String> names = new LinkedHashMap<>();
        for (String name : stored.names()) {
            String ours = expected.contains(PREFIX + name) ? PREFIX + name : name;
            String other = names.put(ours, name);
            if (other != null) {
                throw new BadInputException(directory + " holds both " + other + " and " + name
                        + ", expected one of them. Save the model again.");
            }
        }
        if (!config.tiedEmbeddings() || !names.containsKey(HEAD)) {
            return new HfWeights(stored, names, config);
        }
        if (!names.containsKey(EMBEDDING)) {
            names.put(EMBEDDING, names.remove(HEAD));
            return new HfWeights(stored, names, config);
        }
        boolean same = stored.sameBytes(names.get(HEAD), names.get(EMBEDDING));
        return new HfWeights(stored, names, same ? config : config.untied());
    }

    /** The configuration; its embeddings are tied only if the stored weights are. */
    ModelConfig config() {
        return config;
    }

    @Override
    public Set<String> names() {
        return storedNames.keySet();
    }

    @Override
    public long[] shape(String name) {
        return stored.shape(storedNames.getOrDefault(name, name));
    }

    @Override
    public Tensor read(String name, Dtype dtype) {
        return stored.read(storedNames.getOrDefault(name, name), dtype);
    }

    @Override
    public void close() {
        stored.close();
    }
}
