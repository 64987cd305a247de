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
     * Writes the tensors and {@code {"format": "pt"}} as metadata.
     *
     * @param tensors by name; f32, f16 or bf16 on the CPU, of any shape and strides. The file holds wider dtypes first,
     *     so that every tensor is aligned to its element size, and sorts by name within a dtype size
     * @throws IllegalArgumentException if a tensor has another dtype
     */
    public static void write(Path file, Map<String, Tensor> tensors) throws IOException {
        List<Map.Entry<String, Tensor>> ordered = tensors.entrySet().stream()
                .sorted(Comparator.<Map.Entry<String, Tensor>>comparingInt(
                                tensor -> -dtype(tensor).bytes())
                        .thenComparing(Map.Entry.comparingByKey()))
                .toList();
        byte[] header = header(ordered);
        AtomicFiles.writePath(file, temporary -> {
            try (FileChannel channel =
                    FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                writeFully(channel, ByteBuffer.wrap(header));
                for (Map.Entry<String, Tensor> tensor : ordered) {
                    writeData(channel, tensor.getValue());
                }
            }
        });
    }

    private static byte[] header(List<Map.Entry<String, Tensor>> tensors) throws IOException {
        JsonMapper mapper = new JsonMapper();
        ObjectNode json = mapper.createObjectNode();
        json.putObject("__metadata__").put("format", "pt");
        long offset = 0;
        for (Map.Entry<String, Tensor> named : tensors) {
            Tensor tensor = named.getValue();
            long end = offset + tensor.nbytes();
            ObjectNode entry =
                    json.putObject(named.getKey()).put("dtype", dtype(named).name());
            ArrayNode shape = entry.putArray("shape");
            for (int dimension = 0; dimension < tensor.dim(); dimension++) {
                shape.add(tensor.size(dimension));
            }
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

    private static void writeData(FileChannel channel, Tensor tensor) throws IOException {
        try (PointerScope scope = new PointerScope()) {
            Tensor contiguous = tensor.contiguous();
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
        ScalarType given = tensor.getValue().scalar_type().intern();
        return Arrays.stream(SafetensorsDtype.values())
                .filter(dtype -> dtype.scalarType() == given)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "tensor " + tensor.getKey() + " has dtype " + given + ", F32, F16 and BF16 can be written"));
    }
}
