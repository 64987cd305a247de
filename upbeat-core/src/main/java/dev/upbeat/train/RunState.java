package dev.upbeat.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.upbeat.io.AtomicFiles;
import dev.upbeat.io.BadInputException;
import dev.upbeat.io.InputFiles;
import dev.upbeat.json.ParseFault;
import dev.upbeat.store.CheckpointFiles;
import dev.upbeat.tensor.Dtype;
import dev.upbeat.tensor.Kernels;
import dev.upbeat.tensor.Libtorch;
import java.io.CharConversionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * {@code trainer/state.json} of a checkpoint: everything besides weights and moments on which the results of a resumed run
 * depend. Sums depend on the number of threads and on the kernels, so another number of threads or another CPU gives
 * different last digits.
 *
 * @param step number of steps done
 * @param threads number of threads
 * @param dtype dtype of matrix products
 * @param kernels vector instructions that libtorch's kernels use
 * @param chosenKernels the kernels among those that differ in speed; states of earlier versions have none, and were
 *     computed by those that the CPU's instructions suggest
 */
record RunState(long step, int threads, Dtype dtype, String kernels, Kernels chosenKernels) {
    /** Subdirectory of a checkpoint with the state that only training needs. */
    static final String DIRECTORY = "trainer";

    private static final String FILE = "state.json";
    private static final ObjectMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .build();

    static RunState now(long step, Dtype dtype) {
        return new RunState(step, Libtorch.threads(), dtype, Libtorch.cpuCapability(), Kernels.current());
    }

    /** Warns if this process has another number of threads or other kernels than the saved run. */
    void compare(RunState now, TrainingListener listener) {
        if (!computation().equals(now.computation())) {
            listener.warn("the run was computed with " + computation() + ", and continues with " + now.computation()
                    + ": its last digits will differ from an uninterrupted run's");
        }
    }

    private String computation() {
        return threads + " threads with " + kernels + " (" + chosenKernels + ")";
    }

    void write(Path directory) throws IOException {
        AtomicFiles.writeString(directory.resolve(FILE), JSON.writeValueAsString(this) + "\n");
    }

    /**
     * Reads the state of a checkpoint.
     *
     * @param checkpoint directory of the checkpoint, which is named after its step
     * @throws BadInputException if the state is missing, damaged or of another step
     */
    static RunState read(Path checkpoint) throws IOException {
        Path file = checkpoint.resolve(DIRECTORY).resolve(FILE);
        if (!Files.exists(file)) {
            throw damaged(checkpoint, file, "there is no such file", null);
        }
        InputFiles.check(file);
        RunState state;
        try {
            JsonNode json = JSON.readTree(Files.readAllBytes(file));
            if (json instanceof ObjectNode object && !object.has("chosen_kernels")) {
                object.set("chosen_kernels", JSON.valueToTree(Kernels.byCapability()));
            }
            state = JSON.treeToValue(json, RunState.class);
        } catch (JsonProcessingException e) {
            throw damaged(checkpoint, file, ParseFault.placed(e), e);
        } catch (CharConversionException e) {
            throw damaged(checkpoint, file, "it is not UTF-8", e);
        }
        if (state == null || state.threads < 1) {
            throw damaged(checkpoint, file, state == null ? "it is null" : "threads is " + state.threads, null);
        }
        if (state.step != CheckpointFiles.step(checkpoint)) {
            throw damaged(
                    checkpoint,
                    file,
                    "it is of step " + state.step + ", but its directory is of another " + "step",
                    null);
        }
        return state;
    }

    private static BadInputException damaged(Path checkpoint, Path file, String reason, @Nullable Exception cause) {
        String message = file + ": the checkpoint is damaged, " + reason + "; delete " + checkpoint
                + ", so that --resume continues from the previous checkpoint or from the start";
        return cause == null ? new BadInputException(message) : new BadInputException(message, cause);
    }
}
