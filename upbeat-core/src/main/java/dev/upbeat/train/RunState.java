package dev.upbeat.train;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.upbeat.io.AtomicFiles;
import dev.upbeat.tensor.Dtype;
import dev.upbeat.tensor.Libtorch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * {@code trainer/state.json} of a checkpoint: what decides, beside weights and moments, how the run goes on. Sums depend on
 * the number of threads and on the kernels, so another number or another CPU gives other last digits.
 *
 * @param step steps done
 * @param threads that computed
 * @param dtype of matrix products
 * @param kernels vector instructions that libtorch's kernels use
 */
record RunState(long step, int threads, Dtype dtype, String kernels) {
    /** Of a checkpoint, what only training needs. */
    static final String DIRECTORY = "trainer";

    private static final String FILE = "state.json";
    private static final ObjectMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    static RunState now(long step, Dtype dtype) {
        return new RunState(step, Libtorch.threads(), dtype, Libtorch.cpuCapability());
    }

    /** Tells where the same run would now compute otherwise. */
    void compare(RunState now, TrainingListener listener) {
        if (threads != now.threads || !kernels.equals(now.kernels)) {
            listener.warn("the run was computed by " + threads + " threads with " + kernels + ", and goes on by "
                    + now.threads + " with " + now.kernels
                    + ": its last digits will differ from an uninterrupted run's");
        }
    }

    void write(Path directory) throws IOException {
        AtomicFiles.writeString(directory.resolve(FILE), JSON.writeValueAsString(this) + "\n");
    }

    static RunState read(Path directory) throws IOException {
        return JSON.readValue(Files.readString(directory.resolve(FILE)), RunState.class);
    }
}
