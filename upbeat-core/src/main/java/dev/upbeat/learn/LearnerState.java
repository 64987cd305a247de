package dev.upbeat.learn;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.upbeat.checkpoint.Safetensors;
import dev.upbeat.checkpoint.SafetensorsWriter;
import dev.upbeat.io.AtomicFiles;
import dev.upbeat.io.BadInputException;
import dev.upbeat.json.ParseFault;
import dev.upbeat.tensor.Dtype;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Saves and loads the state of a learner that is not in the checkpoint: AdamW's moments and the number of steps. If the
 * checkpoint rounds the master weights, the state also has the unrounded master weights and the weights at the start of
 * the training. The state of a critic always has its weights, because no checkpoint has them. All tensors are flat, in the
 * layout of {@link FlatWeights}.
 */
final class LearnerState {
    private static final String TENSORS = "optimizer.safetensors";
    private static final String STEPS = "optimizer.json";
    private static final String FIRST = "first_moments";
    private static final String SECOND = "second_moments";
    private static final String MASTERS = "masters";
    private static final String START = "start";
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private LearnerState() {}

    /** @param rounding null if the checkpoint does not round the weights */
    static void save(Path directory, Policy policy, AdamW adamW, @Nullable Rounding rounding) throws IOException {
        Map<String, Tensor> tensors = new TreeMap<>();
        if (rounding != null) {
            tensors.put(MASTERS, policy.masters());
            if (rounding.start() != null) {
                tensors.put(START, rounding.start());
            }
        }
        write(directory, adamW, tensors);
    }

    static void save(Path directory, Critic critic) throws IOException {
        write(
                directory,
                critic.adamW(),
                new TreeMap<>(Map.of(MASTERS, critic.weights().masters())));
    }

    /** @param tensors besides the moments, which are added */
    private static void write(Path directory, AdamW adamW, Map<String, Tensor> tensors) throws IOException {
        Files.createDirectories(directory);
        tensors.put(FIRST, adamW.first());
        tensors.put(SECOND, adamW.second());
        SafetensorsWriter.write(directory.resolve(TENSORS), tensors);
        AtomicFiles.writeString(directory.resolve(STEPS), "{\"gradient_steps\": " + adamW.steps() + "}\n");
    }

    /**
     * Restores a saved state, whether its checkpoint rounded the weights or not.
     *
     * @param rounding null if the next checkpoints do not round the weights
     * @throws BadInputException if the state is missing, damaged or of another model
     */
    static void load(Path directory, Policy policy, AdamW adamW, @Nullable Rounding rounding) {
        long steps = steps(directory.resolve(STEPS));
        try (Safetensors saved = Safetensors.open(directory.resolve(TENSORS));
                PointerScope scope = new PointerScope()) {
            Tensor first = read(directory, saved, FIRST, policy.size());
            Tensor second = read(directory, saved, SECOND, policy.size());
            if (policy.readRounded() || saved.names().contains(MASTERS)) {
                policy.masters().copy_(read(directory, saved, MASTERS, policy.size()));
                policy.updateDecoders();
            }
            if (rounding != null) { // states of older versions, and of runs that did not round, have no start
                rounding.restore(saved.names().contains(START) ? read(directory, saved, START, policy.size()) : null);
            }
            adamW.restore(steps, first, second);
        }
    }

    /** @throws BadInputException if the state is missing, damaged or of another model */
    static void load(Path directory, Critic critic) {
        long steps = steps(directory.resolve(STEPS));
        long size = critic.weights().layout().size();
        try (Safetensors saved = Safetensors.open(directory.resolve(TENSORS));
                PointerScope scope = new PointerScope()) {
            Tensor first = read(directory, saved, FIRST, size);
            Tensor second = read(directory, saved, SECOND, size);
            critic.weights().masters().copy_(read(directory, saved, MASTERS, size));
            critic.weights().round();
            critic.adamW().restore(steps, first, second);
        }
    }

    private static Tensor read(Path directory, Safetensors saved, String name, long size) {
        long[] expected = {size};
        if (!saved.names().contains(name) || !Arrays.equals(saved.shape(name), expected)) {
            throw new BadInputException(directory.resolve(TENSORS) + " holds no " + name + " of " + size
                    + " values: it belongs to another model; give the trainer state beside the checkpoint");
        }
        return saved.read(name, Dtype.F32);
    }

    private static long steps(Path file) {
        try {
            JsonNode steps = JSON.readTree(file.toFile()).path("gradient_steps");
            if (!steps.canConvertToLong() || steps.asLong() < 0) {
                throw new BadInputException(file
                        + " has no valid gradient_steps, expected a number of at least 0; the"
                        + " trainer state is damaged");
            }
            return steps.asLong();
        } catch (JsonProcessingException e) {
            throw new BadInputException(file + ": " + ParseFault.placed(e) + "; the trainer state is damaged", e);
        } catch (IOException e) {
            throw new BadInputException(
                    "cannot read " + file + " (" + e.getMessage()
                            + "); give a directory that a learner saved its state to",
                    e);
        }
    }
}
