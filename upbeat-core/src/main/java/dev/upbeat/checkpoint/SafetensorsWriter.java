package dev.upbeat.checkpoint;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.upbeat.io.AtomicFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Writes safetensors files that transformers can load. A file appears complete or not at all, and equal tensors give
 * equal bytes.
 */
public final class SafetensorsWriter {
    /** Largest buffer through which data is written; a direct buffer cannot exceed 2 GB. */
    private static final long CHUNK_BYTES = 64L << 20;

    private static final int HEADER_ALIGNMENT = 8;

    private SafetensorsWriter() {}

    /**
     * @param tensor called when the tensor is written
     * @param dtype dtype in the file, to which the tensor is converted when it is written
     */
    private record Stored(String name, long[] shape, Supplier<Tensor> tensor, SafetensorsDtype dtype) {
        static Stored of(Map.Entry<String, Tensor> tensor, SafetensorsDtype dtype) {
            long[] shape = new long[(int) tensor.getValue().dim()];
            Arrays.setAll(shape, dimension -> tensor.getValue().size(dimension));
            return new Stored(tensor.getKey(), shape, tensor::getValue, dtype);
        }

        long bytes() {
            return Arrays.stream(shape).reduce(dtype.bytes(), (a, b) -> a * b);
        }
    }

    /**
     * Writes the tensors and {@code {"format": "pt"}} as metadata.
     *
     * @param tensors by name; f32, f16 or bf16 on the CPU, of any shape and strides. The file holds wider dtypes first,
     *     so that every tensor is aligned to its element size, and sorts by name within a dtype size
     * @throws IllegalArgumentException if a tensor has another dtype
     */
    public static void write(Path file, Map<String, Tensor> tensors) throws IOException {
        write(
                file,
                tensors.entrySet().stream()
                        .map(tensor -> Stored.of(tensor, dtype(tensor)))
                        .toList());
    }

    /**
     * As {@link #write(Path, Map)}, with all tensors converted to one dtype. One tensor at a time is converted, so that the
     * memory of one suffices.
     *
     * @param dtype f32, f16 or bf16
     */
    public static void write(Path file, Map<String, Tensor> tensors, ScalarType dtype) throws IOException {
        SafetensorsDtype stored = dtype(dtype, "the file");
        write(
                file,
                tensors.entrySet().stream()
                        .map(tensor -> Stored.of(tensor, stored))
                        .toList());
    }

    /**
     * As {@link #write(Path, Map, ScalarType)}, with tensors that are read when they are written, one at a time.
     *
     * @param shapes by name
     * @param read returns a tensor in the innermost open scope
     */
    public static void write(Path file, Map<String, long[]> shapes, Function<String, Tensor> read, ScalarType dtype)
            throws IOException {
        SafetensorsDtype stored = dtype(dtype, "the file");
        write(
                file,
                shapes.entrySet().stream()
                        .map(tensor -> new Stored(
                                tensor.getKey(), tensor.getValue(), () -> read.apply(tensor.getKey()), stored))
                        .toList());
    }

    private static void write(Path file, List<Stored> tensors) throws IOException {
        List<Stored> ordered = tensors.stream()
                .sorted(Comparator.<Stored>comparingInt(
                                tensor -> -tensor.dtype().bytes())
                        .thenComparing(Stored::name))
                .toList();
        byte[] header = header(ordered);
        AtomicFiles.writePath(file, temporary -> {
            try (FileChannel channel =
                    FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                writeFully(channel, ByteBuffer.wrap(header));
                for (Stored tensor : ordered) {
                    writeData(channel, tensor);
                }
            }
        });
    }

    private static byte[] header(List<Stored> tensors) throws IOException {
        JsonMapper mapper = new JsonMapper();
        ObjectNode json = mapper.createObjectNode();
        json.putObject("__metadata__").put("format", "pt");
        long offset = 0;
        for (Stored stored : tensors) {
            long end = offset + stored.bytes();
            ObjectNode entry =
                    json.putObject(stored.name()).put("dtype", stored.dtype().name());
            ArrayNode shape = entry.putArray("shape");
            Arrays.stream(stored.shape()).forEach(shape::add);
            entry.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }
        byte[] text = mapper.writeValueAsBytes(json);
        int padded = (text.length + HEADER_ALIGNMENT - 1) / HEADER_ALIGNMENT * HEADER_ALIGNMENT;
        byte[] header = new byte[Long.BYTES + padded];
        Arrays.fill(header, (byte) ' ');
        ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).putLong(padded).put(text);
        return header;
    }

    private static void writeData(FileChannel channel, Stored stored) throws IOException {
        try (PointerScope scope = new PointerScope()) {
            Tensor contiguous =
                    stored.tensor().get().to(stored.dtype().scalarType()).contiguous();
            BytePointer data = new BytePointer(contiguous.data_ptr());
            long size = contiguous.nbytes();
            for (long begin = 0; begin < size; begin += CHUNK_BYTES) {
                long end = Math.min(size, begin + CHUNK_BYTES);
                writeFully(channel, data.position(begin).limit(end).asByteBuffer());
            }
        }
    }

    private static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    private static SafetensorsDtype dtype(Map.Entry<String, Tensor> tensor) {
        return dtype(tensor.getValue().scalar_type().intern(), "tensor " + tensor.getKey());
    }

    private static SafetensorsDtype dtype(ScalarType given, String what) {
        return Arrays.stream(SafetensorsDtype.values())
                .filter(dtype -> dtype.scalarType() == given)
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException(what + " has dtype " + given + ", expected F32, F16 or BF16"));
    }
}
