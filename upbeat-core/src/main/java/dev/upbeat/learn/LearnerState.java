package dev.upbeat.learn;

import com.fasterxml.jackson.core.JsonProcessingException;
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

/**
 * What a learner needs beside the checkpoint to go on bit by bit: AdamW's moments, the number of steps, and the masters where
 * the checkpoint rounds them. All flat, in {@link FlatWeights}' order.
 */
final class LearnerState {
    private static final String TENSORS = "optimizer.safetensors";
    private static final String STEPS = "optimizer.json";
    private static final String FIRST = "first_moments";
    private static final String SECOND = "second_moments";
    private static final String MASTERS = "masters";

    private LearnerState() {}

    static void save(Path directory, Policy policy, AdamW adamW) throws IOException {
        Files.createDirectories(directory);
        Map<String, Tensor> tensors = new TreeMap<>();
        tensors.put(FIRST, adamW.first());
        tensors.put(SECOND, adamW.second());
        if (policy.storesRounded()) {
            tensors.put(MASTERS, policy.masters());
        }
        SafetensorsWriter.write(directory.resolve(TENSORS), tensors);
        AtomicFiles.writeString(directory.resolve(STEPS), "{\"gradient_steps\": " + adamW.steps() + "}\n");
    }

    /** @throws BadInputException where the state is missing, damaged or another model's */
    static void load(Path directory, Policy policy, AdamW adamW) {
        long steps = steps(directory.resolve(STEPS));
        try (Safetensors saved = Safetensors.open(directory.resolve(TENSORS));
                PointerScope scope = new PointerScope()) {
            Tensor first = read(directory, saved, FIRST, policy);
            Tensor second = read(directory, saved, SECOND, policy);
            if (policy.storesRounded()) {
                policy.masters().copy_(read(directory, saved, MASTERS, policy));
                policy.refresh();
            }
            adamW.restore(steps, first, second);
        }
    }

    private static Tensor read(Path directory, Safetensors saved, String name, Policy policy) {
        long[] expected = {policy.size()};
        if (!saved.names().contains(name) || !Arrays.equals(saved.shape(name), expected)) {
            throw new BadInputException(directory.resolve(TENSORS) + " holds no " + name + " of " + policy.size()
                    + " values: it belongs to another model; give the trainer state beside the checkpoint");
        }
        return saved.read(name, Dtype.F32);
    }

    private static long steps(Path file) {
        try {
            JsonNode steps = new JsonMapper().readTree(file.toFile()).path("gradient_steps");
            if (!steps.canConvertToLong() || steps.asLong() < 0) {
                throw new BadInputException(file + " names no number of gradient_steps; the trainer state is damaged");
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
