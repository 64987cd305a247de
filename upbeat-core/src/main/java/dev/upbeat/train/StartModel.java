package dev.upbeat.train;

import dev.upbeat.checkpoint.Checkpoint;
import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.checkpoint.peft.LoraSettings;
import dev.upbeat.checkpoint.peft.LoraWriter;
import dev.upbeat.hub.Hub;
import dev.upbeat.hub.ModelFiles;
import dev.upbeat.io.BadInputException;
import dev.upbeat.learn.LoraPolicy;
import dev.upbeat.learn.Policy;
import dev.upbeat.store.FileHash;
import dev.upbeat.tensor.Dtype;
import dev.upbeat.tensor.KernelChoice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The model that a training starts from.
 *
 * @param policy the policy to train
 * @param encoding tokenizer and chat template of the model
 * @param hash hash of the initial weights; for a model from scratch, hash of its shape
 * @param files files beside the weights in Hugging Face form, by name, as {@link Policy#save} takes them
 */
record StartModel(Policy policy, Encoding encoding, FileHash hash, Map<String, byte[]> files) implements AutoCloseable {

    /**
     * @param name name of the model in provenance.json
     * @param dtype dtype of matrix products; null for {@link Checkpoint#automaticDtype}
     * @param saved dtype of the weights in checkpoints; null for that of the model
     * @param templateVars variables of the chat template for all prompts
     * @param check rejects a model that the training cannot use, before weights are read
     */
    static StartModel load(
            ModelFiles files,
            String name,
            @Nullable Dtype dtype,
            @Nullable Dtype saved,
            Map<String, Object> templateVars,
            Consumer<ModelConfig> check)
            throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(files.model(), files.adapter())) {
            check.accept(checkpoint.config());
            KernelChoice.decide(checkpoint.config().shape());
            Dtype compute = dtype == null ? checkpoint.automaticDtype() : dtype;
            FileHash hash = new FileHash(name, checkpoint.sha256());
            Encoding encoding = Encoding.of(checkpoint, templateVars);
            return new StartModel(Policy.load(checkpoint, compute, saved), encoding, hash, checkpoint.companions());
        }
    }

    /**
     * Loads a model of which a low-rank update is trained.
     *
     * @param name name of the model in provenance.json
     * @param dtype dtype of matrix products; null for {@link Checkpoint#automaticDtype}
     * @param adapter directory of the update that is continued; null for a new one
     * @param seed of the update's initial values and of its dropout
     * @param check rejects a model that the training cannot use, before weights are read
     * @throws BadInputException if the model is an adapter itself
     */
    static StartModel withLora(
            ModelFiles files,
            String name,
            @Nullable Dtype dtype,
            LoraSettings settings,
            @Nullable Path adapter,
            long seed,
            Map<String, Object> templateVars,
            Consumer<ModelConfig> check)
            throws IOException {
        requireWhole(files, name);
        try (Checkpoint start = Checkpoint.open(files.model())) {
            check.accept(start.config());
            Dtype compute = dtype == null ? start.automaticDtype() : dtype;
            FileHash hash = new FileHash(name, start.sha256());
            Encoding encoding = Encoding.of(start, templateVars);
            // A path must be found from any directory.
            String where = Files.exists(Path.of(name)) || !Hub.looksLikeId(name)
                    ? files.model().toAbsolutePath().normalize().toString()
                    : name;
            LoraWriter.Base base = LoraWriter.Base.of(where);
            Policy policy = adapter == null
                    ? LoraPolicy.begin(start, compute, settings, base, seed)
                    : LoraPolicy.resume(start, compute, settings, base, seed, adapter);
            return new StartModel(policy, encoding, hash, Map.of());
        }
    }

    /**
     * Rejects a base of a low-rank update that is an adapter itself.
     *
     * @param name of the model in the message
     */
    static void requireWhole(ModelFiles files, String name) {
        if (files.adapter() != null) {
            throw new BadInputException(
                    name + " is a PEFT adapter, but with learn.lora the base is a whole model. Merge it"
                            + " first (upbeat export " + name + " --merge --out DIR) and give DIR as model.");
        }
    }

    /** Writes a checkpoint: a model in Hugging Face form, or a PEFT adapter. */
    void save(Path directory) throws IOException {
        policy.save(directory, files);
    }

    @Override
    public void close() {
        encoding.close();
        policy.close();
    }
}
