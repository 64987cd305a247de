package dev.upbeat.gguf;

import dev.upbeat.io.BadInputException;
import dev.upbeat.io.InputFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The header of a little-endian GGUF file, version 2 or 3: metadata, then a description of each tensor. It is checked
 * in full before any data is touched.
 *
 * @param tensors by ggml's names, in the file's order
 */
public record GgufHeader(GgufMetadata metadata, Map<String, Info> tensors) {
    private static final int MAGIC = 0x46554747; // "GGUF"
    private static final String ALIGNMENT_KEY = "general.alignment";
    private static final int DEFAULT_ALIGNMENT = 32;
    private static final int MOST_DIMENSIONS = 4;

    /**
     * One tensor.
     *
     * @param shape rows first, as in PyTorch; ggml's order is the reverse
     * @param offset from the beginning of the file, bytes
     * @param part number of the file that holds it, from 0
     */
    public record Info(GgufType type, List<Long> shape, long offset, int part) {
        Info inPart(int number) {
            return new Info(type, shape, offset, number);
        }

        /** Bytes of a row, the last dimension. */
        long rowBytes() {
            return Math.multiplyExact(shape.get(shape.size() - 1) / type.blockSize(), type.blockBytes());
        }

        long rows() {
            return shape.subList(0, shape.size() - 1).stream().reduce(1L, Math::multiplyExact);
        }

        long bytes() {
            return Math.multiplyExact(rows(), rowBytes());
        }

        /** Number of weights in the tensor. */
        public long weights() {
            return Math.multiplyExact(rows(), shape.get(shape.size() - 1));
        }
    }

    public static GgufHeader read(Path file) {
        InputFiles.check(file);
        try (GgufInput in = new GgufInput(file)) {
            checkMagic(in);
            checkVersion(in);
            // The smallest tensor info has an empty name and one dimension, the smallest value an empty key and a byte.
            int tensorCount = in.count(8 + 4 + 8 + 4 + 8, "the number of tensors");
            int valueCount = in.count(8 + 4 + 1, "the number of metadata values");
            GgufMetadata metadata = new GgufMetadata(file, values(in, valueCount));
            Map<String, Info> relative = infos(in, tensorCount);
            return new GgufHeader(metadata, placed(in, relative, alignment(in, metadata)));
        } catch (IOException e) {
            throw InputFiles.unreadable(file, e);
        }
    }

    private static void checkMagic(GgufInput in) throws IOException {
        if (in.size() < 4 || in.int32("the magic number") != MAGIC) {
            throw new BadInputException(in.file() + " is not a GGUF file: it does not begin with \"GGUF\". Give a GGUF"
                    + " file, or the directory of a Hugging Face checkpoint.");
        }
    }

    private static void checkVersion(GgufInput in) throws IOException {
        int version = in.int32("the version");
        if (version == 2 || version == 3) {
            return;
        }
        String given = (version & 0xffff) == 0 && version != 0 ? "big-endian" : "of version " + version;
        throw new BadInputException(in.file() + " is a GGUF file " + given
                + ", expected a little-endian file of version 2 or 3. Convert the model again with a "
                + "current converter.");
    }

    private static Map<String, Object> values(GgufInput in, int count) throws IOException {
        Map<String, Object> values = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            String key = in.string("the key of metadata value " + i);
            if (values.put(key, GgufValue.read(in, key).readValue(in, key)) != null) {
                throw in.bad("has the metadata key " + key + " twice");
            }
        }
        return Collections.unmodifiableMap(values);
    }

    private static int alignment(GgufInput in, GgufMetadata metadata) {
        int alignment = metadata.contains(ALIGNMENT_KEY) ? metadata.integer(ALIGNMENT_KEY) : DEFAULT_ALIGNMENT;
        if (Integer.bitCount(alignment) != 1 || alignment < 0) {
            throw in.bad("has " + ALIGNMENT_KEY + " " + alignment + ", expected a power of two");
        }
        return alignment;
    }

    /** Infos with offsets as the file has them: from the beginning of the data. */
    private static Map<String, Info> infos(GgufInput in, int count) throws IOException {
        Map<String, Info> infos = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            String name = in.string("the name of tensor " + i);
            if (infos.put(name, info(in, name)) != null) {
                throw in.bad("has tensor " + name + " twice");
            }
        }
        return infos;
    }

    private static Info info(GgufInput in, String name) throws IOException {
        int dimensions = in.int32("the rank of " + name);
        if (dimensions < 1 || dimensions > MOST_DIMENSIONS) {
            throw in.bad("has tensor " + name + " of rank " + Integer.toUnsignedString(dimensions) + ", expected 1 to "
                    + MOST_DIMENSIONS);
        }
        Long[] shape = new Long[dimensions];
        for (int i = dimensions - 1; i >= 0; i--) {
            shape[i] = in.int64("the shape of " + name);
            if (shape[i] < 1) {
                throw in.bad("has tensor " + name + " with a dimension of " + Long.toUnsignedString(shape[i]));
            }
        }
        GgufType type = GgufType.of(in.int32("the type of " + name), name, in);
        if (shape[dimensions - 1] % type.blockSize() != 0) {
            throw in.bad("has rows of " + shape[dimensions - 1] + " in tensor " + name + ", expected a multiple of "
                    + type.blockSize() + " for " + type);
        }
        return new Info(type, List.of(shape), in.int64("the offset of " + name), 0);
    }

    /**
     * Returns the infos with offsets from the beginning of the file; rejects tensors that lie outside it, are
     * misaligned or overlap.
     */
    private static Map<String, Info> placed(GgufInput in, Map<String, Info> relative, int alignment) {
        long dataOffset = (in.position() + alignment - 1) / alignment * alignment;
        long dataBytes = Math.max(0, in.size() - dataOffset);
        Map<String, Info> placed = new LinkedHashMap<>();
        relative.forEach((name, info) -> {
            if (info.offset() < 0 || info.offset() % alignment != 0) {
                throw in.bad("has tensor " + name + " at offset " + Long.toUnsignedString(info.offset())
                        + ", expected a multiple of " + alignment);
            }
            long bytes;
            try {
                bytes = info.bytes();
            } catch (ArithmeticException e) {
                throw in.bad("has tensor " + name + " of shape " + info.shape() + ", which is more than 2^63 bytes");
            }
            if (bytes > dataBytes - info.offset()) {
                throw in.bad("has tensor " + name + " of " + bytes + " bytes at offset " + info.offset() + " of "
                        + dataBytes + " bytes of data");
            }
            placed.put(name, new Info(info.type(), info.shape(), dataOffset + info.offset(), 0));
        });
        checkApart(in, placed);
        return Collections.unmodifiableMap(placed);
    }

    private static void checkApart(GgufInput in, Map<String, Info> placed) {
        List<Map.Entry<String, Info>> byOffset = placed.entrySet().stream()
                .sorted(Comparator.comparingLong(tensor -> tensor.getValue().offset()))
                .toList();
        for (int i = 1; i < byOffset.size(); i++) {
            Info before = byOffset.get(i - 1).getValue();
            if (before.offset() + before.bytes() > byOffset.get(i).getValue().offset()) {
                throw in.bad("has tensor " + byOffset.get(i).getKey() + " within the bytes of tensor "
                        + byOffset.get(i - 1).getKey());
            }
        }
    }
}
