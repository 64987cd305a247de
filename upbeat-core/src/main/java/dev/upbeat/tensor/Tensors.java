package dev.upbeat.tensor;

import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Conversions between Java arrays and tensors. Results belong to the innermost open {@link PointerScope}. */
public final class Tensors {
    static {
        Libtorch.limitOpenBlasToOneThread();
    }

    private Tensors() {}

    /** An uninitialised f32 tensor. */
    public static Tensor empty(long... shape) {
        return torch.empty(shape);
    }

    /** A tensor of one dtype filled with zeros. */
    public static Tensor zeros(ScalarType type, long... shape) {
        return torch.zeros(shape, new TensorOptions(type));
    }

    /** An f32 tensor of the given shape with a copy of the values, row-major. */
    public static Tensor of(float[] values, long... shape) {
        Tensor tensor = torch.empty(shape);
        requireCount(values.length, tensor, shape);
        tensor.data_ptr_float().put(values);
        return tensor;
    }

    /** An f64 tensor of the given shape with a copy of the values, row-major. */
    public static Tensor of(double[] values, long... shape) {
        Tensor tensor = zeros(ScalarType.Double, shape);
        requireCount(values.length, tensor, shape);
        tensor.data_ptr_double().put(values);
        return tensor;
    }

    /** An int64 tensor of the given shape with a copy of the values, row-major. */
    public static Tensor of(long[] values, long... shape) {
        Tensor tensor = zeros(ScalarType.Long, shape);
        requireCount(values.length, tensor, shape);
        tensor.data_ptr_long().put(values);
        return tensor;
    }

    /** The values of a tensor of any dtype and strides as f32, row-major. */
    public static float[] toFloats(Tensor tensor) {
        try (PointerScope scope = new PointerScope()) {
            Tensor flat = tensor.to(ScalarType.Float).contiguous();
            float[] values = new float[Math.toIntExact(flat.numel())];
            flat.data_ptr_float().get(values);
            return values;
        }
    }

    /** {@code count} values of a contiguous f32 tensor, row-major, starting at index {@code from}. */
    public static float[] toFloats(Tensor contiguous, long from, int count) {
        float[] values = new float[count];
        contiguous.data_ptr_float().position(from).get(values);
        return values;
    }

    /** The values of a tensor of any dtype and strides as f64, row-major. */
    public static double[] toDoubles(Tensor tensor) {
        try (PointerScope scope = new PointerScope()) {
            Tensor flat = tensor.to(ScalarType.Double).contiguous();
            double[] values = new double[Math.toIntExact(flat.numel())];
            flat.data_ptr_double().get(values);
            return values;
        }
    }

    /** The values of an integer tensor, row-major. */
    public static long[] toLongs(Tensor tensor) {
        try (PointerScope scope = new PointerScope()) {
            Tensor flat = tensor.to(ScalarType.Long).contiguous();
            long[] values = new long[Math.toIntExact(flat.numel())];
            flat.data_ptr_long().get(values);
            return values;
        }
    }

    /** Whether the tensor fills its storage; false for a view of a larger storage, such as a mapped file. */
    public static boolean ownsItsStorage(Tensor tensor) {
        try (PointerScope scope = new PointerScope()) {
            return tensor.storage().nbytes() == tensor.nbytes();
        }
    }

    /** Whether contiguous tensors of one dtype follow each other in memory without a gap; true for an empty list. */
    public static boolean areAdjacent(Tensor... tensors) {
        for (int i = 1; i < tensors.length; i++) {
            long end = tensors[i - 1].data_ptr().address() + tensors[i - 1].nbytes();
            if (tensors[i].data_ptr().address() != end) {
                return false;
            }
        }
        return true;
    }

    /** One view of tensors that are adjacent in one storage, joined along dimension 0. */
    public static Tensor joined(Tensor... adjacent) {
        long rows = Arrays.stream(adjacent).mapToLong(tensor -> tensor.size(0)).sum();
        long[] shape = adjacent[0].sizes().vec().get();
        shape[0] = rows;
        return adjacent[0].as_strided(shape, adjacent[0].strides().vec().get());
    }

    /** A view of [start, end) along {@code dim}. */
    public static Tensor slice(Tensor tensor, long dim, long start, long end) {
        return tensor.narrow(dim, start, end - start);
    }

    public static Scalar scalar(double value) {
        return new Scalar(value);
    }

    private static void requireCount(int given, Tensor tensor, long[] shape) {
        if (given != tensor.numel()) {
            throw new IllegalArgumentException(given + " values do not fill the shape " + Arrays.toString(shape));
        }
    }
}
