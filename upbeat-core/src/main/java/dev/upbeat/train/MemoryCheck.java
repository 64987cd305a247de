package dev.upbeat.train;

import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.checkpoint.WeightShapes;
import dev.upbeat.io.BadInputException;
import dev.upbeat.io.MachineMemory;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/** Checks that the machine can hold a model from scratch and its training, before memory is allocated. */
final class MemoryCheck {
    /** Five f32 numbers per weight: the master, the decoder's packed copy, the gradient and the two moments of AdamW. */
    static final int BYTES_A_WEIGHT = 20;

    /** Four f32 numbers per weight of a low-rank update, which has no packed copy. */
    static final int BYTES_A_LORA_WEIGHT = 16;

    private static final int BYTES_OF_A_NUMBER = 4;

    private MemoryCheck() {}

    /** Number of weights of a model. */
    static double weights(ModelConfig model) {
        return WeightShapes.of(model).values().stream()
                .mapToDouble(MemoryCheck::count)
                .sum();
    }

    private static double count(long[] shape) {
        return Arrays.stream(shape).asDoubleStream().reduce(1, (a, b) -> a * b);
    }

    /** @throws BadInputException if this machine's memory, or Java's heap, is too small */
    static void require(ModelConfig model) {
        require(model, MachineMemory.bytes(), Runtime.getRuntime().maxMemory());
    }

    /**
     * @param machineBytes memory of the machine
     * @param heapBytes size of the Java heap. A matrix is initialised as one Java array, which may take half of the
     *     heap
     */
    static void require(ModelConfig model, long machineBytes, long heapBytes) {
        double weights = 0;
        double largest = 0;
        for (Map.Entry<String, long[]> weight : WeightShapes.of(model).entrySet()) {
            double count = count(weight.getValue());
            weights += count;
            largest = Math.max(largest, count);
        }
        double halfOfHeap = (double) heapBytes / 2;
        String has = String.format(Locale.ROOT, "architecture: has %,.0f weights", weights);
        if (weights * BYTES_A_WEIGHT > machineBytes) {
            throw new BadInputException(has + ", and training takes " + gigabytes(weights * BYTES_A_WEIGHT)
                    + " for them, their gradients and AdamW's moments; this machine has "
                    + gigabytes((double) machineBytes)
                    + ": expected a smaller model (layers, hidden, mlp), or a larger machine");
        }
        if (largest > Integer.MAX_VALUE - 8 || largest * BYTES_OF_A_NUMBER > halfOfHeap) {
            throw new BadInputException(has + ", and the largest matrix takes " + gigabytes(largest * BYTES_OF_A_NUMBER)
                    + " while its random values are drawn; half of Java's heap has " + gigabytes(halfOfHeap)
                    + ": expected a smaller one (hidden, mlp), or a larger heap (UPBEAT_JAVA_OPTS=-Xmx..)");
        }
    }

    private static String gigabytes(double bytes) {
        return String.format(Locale.ROOT, "%,.1f GB", bytes / 1e9);
    }
}
