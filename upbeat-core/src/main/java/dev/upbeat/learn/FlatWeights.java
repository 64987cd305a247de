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
 * Where each weight of a model lies in one flat tensor: matrices first, then vectors (norms, biases), which are not decayed;
 * each starts on a boundary that vector instructions like, and what lies between is zero and stays so.
 */
final class FlatWeights {
    /** Elements: 64 bytes in bf16. */
    private static final long ALIGNMENT = 32;

    private record Place(long offset, long[] shape) {
        long count() {
            return Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        }
    }

    private final Map<String, Place> places = new LinkedHashMap<>();
    private long matrices;
    private long size;

    FlatWeights(ModelConfig config) {
        Map<String, long[]> shapes = WeightShapes.of(config);
        shapes.forEach((name, shape) -> add(name, shape, shape.length == 2));
        matrices = size;
        shapes.forEach((name, shape) -> add(name, shape, shape.length == 1));
    }

    private void add(String name, long[] shape, boolean mine) {
        if (mine) {
            Place place = new Place(size, shape);
            places.put(name, place);
            size += (place.count() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        }
    }

    Set<String> names() {
        return Collections.unmodifiableSet(places.keySet());
    }

    boolean has(String name) {
        return places.containsKey(name);
    }

    long[] shape(String name) {
        return place(name).shape.clone();
    }

    private Place place(String name) {
        Place place = places.get(name);
        if (place == null) {
            throw new IllegalArgumentException("no weight is called " + name);
        }
        return place;
    }

    /** Elements of the flat tensor. */
    long size() {
        return size;
    }

    /** Elements of the matrices, which come first. */
    long matrices() {
        return matrices;
    }

    /** Zeros, to be closed by the caller. */
    Tensor zeros(ScalarType type) {
        try (PointerScope scope = new PointerScope()) {
            return Scoped.keep(Tensors.zeros(type, size));
        }
    }

    /** The weight's part of a flat tensor, in its shape: a view. */
    Tensor view(Tensor flat, String name) {
        Place place = place(name);
        return flat.narrow(0, place.offset, place.count()).view(place.shape);
    }
}
