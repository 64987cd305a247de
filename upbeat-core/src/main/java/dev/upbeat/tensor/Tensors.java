package dev.upbeat.tensor;

import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Between Java arrays and tensors. Results belong to the innermost open {@link PointerScope}. */
public final class Tensors {
    static {
        Libtorch.holdOpenBlasToOneThread();
    }

    private Tensors() {}

    /** f32, uninitialised. */
    public static Tensor empty(long... shape) {
        return torch.empty(shape);
    }

    /** A tensor of one dtype filled with zeros. */
    public static Tensor zeros(ScalarType type, long... shape) {
        return torch.zeros(shape, new TensorOptions(type));
    }

    /** f32, [values.length] in the given shape, copied. */
    public static Tensor of(float[] values, long... shape) {
        Tensor tensor = torch.empty(shape);
        requireCount(values.length, tensor, shape);
        tensor.data_ptr_float().put(values);
        return tensor;
    }

    /** int64, copied. */
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

    /** {@code count} values of a contiguous f32 tensor, row-major from {@code from} on. */
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

    /** Whether the tensor is all of its storage; false for a view of something larger, a mapped file say. */
    public static boolean ownsItsStorage(Tensor tensor) {
        try (PointerScope scope = new PointerScope()) {
            return tensor.storage().nbytes() == tensor.nbytes();
        }
    }

    /** Whether contiguous tensors of one dtype follow each other in memory without a gap; true for none. */
    public static boolean areNeighbours(Tensor... tensors) {
        for (int i = 1; i < tensors.length; i++) {
            long end = tensors[i - 1].data_ptr().address() + tensors[i - 1].nbytes();
            if (tensors[i].data_ptr().address() != end) {
                return false;
            }
        }
        return true;
    }

    /** The rows of neighbours of one storage as one tensor: a view. */
    public static Tensor joined(Tensor... neighbours) {
        long rows =
                Arrays.stream(neighbours).mapToLong(tensor -> tensor.size(0)).sum();
        long[] shape = neighbours[0].sizes().vec().get();
        shape[0] = rows;
        return neighbours[0].as_strided(shape, neighbours[0].strides().vec().get());
    }

    /** [start, end) along {@code dim}: a view. */
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
