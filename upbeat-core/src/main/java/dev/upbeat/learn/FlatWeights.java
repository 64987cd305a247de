package dev.upbeat.learn;

import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.checkpoint.WeightShapes;
import dev.upbeat.tensor.Scoped;
import dev.upbeat.tensor.Tensors;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Layout of a model's weights in one flat tensor: matrices first, then vectors (norms, biases), which have no weight
 * decay. Each weight is aligned for vector instructions; the gaps are 0 and stay 0.
 */
final class FlatWeights {
    /** Alignment in elements: 64 bytes in bf16. */
    private static final long ALIGNMENT = 32;

    private record Slice(long offset, long[] shape) {
        long count() {
            return Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        }
    }

    private final Map<String, Slice> slices = new LinkedHashMap<>();
    private long matrices;
    private long size;

    FlatWeights(ModelConfig config) {
        this(WeightShapes.of(config));
    }

    /** @param shapes of matrices and vectors, by name */
    FlatWeights(Map<String, long[]> shapes) {
        shapes.forEach((name, shape) -> add(name, shape, shape.length == 2));
        matrices = size;
        shapes.forEach((name, shape) -> add(name, shape, shape.length == 1));
    }

    private void add(String name, long[] shape, boolean included) {
        if (included) {
            Slice slice = new Slice(size, shape);
            slices.put(name, slice);
            size += (slice.count() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        }
    }

    Set<String> names() {
        return Collections.unmodifiableSet(slices.keySet());
    }

    boolean has(String name) {
        return slices.containsKey(name);
    }

    long[] shape(String name) {
        return slice(name).shape.clone();
    }

    private Slice slice(String name) {
        Slice slice = slices.get(name);
        if (slice == null) {
            throw new IllegalArgumentException("there is no weight " + name);
        }
        return slice;
    }

    /** Number of elements of the flat tensor. */
    long size() {
        return size;
    }

    /** Number of weights, without the gaps. */
    long count() {
        return slices.values().stream().mapToLong(Slice::count).sum();
    }

    /** Number of elements of the matrices, which come first. */
    long matrices() {
        return matrices;
    }

    /** A flat tensor of zeros, to be closed by the caller. */
    Tensor zeros(ScalarType type) {
        try (PointerScope scope = new PointerScope()) {
            return Scoped.keep(Tensors.zeros(type, size));
        }
    }

    /** A view of a weight in a flat tensor, in the weight's shape. */
    Tensor view(Tensor flat, String name) {
        Slice slice = slice(name);
        return flat.narrow(0, slice.offset, slice.count()).view(slice.shape);
    }
}
