package dev.upbeat.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.upbeat.io.BadInputException;
import dev.upbeat.io.InputFiles;
import dev.upbeat.io.Remedy;
import dev.upbeat.json.StrictJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The header of a safetensors file, checked in full before any data is touched: 8 bytes of length (little endian), that many
 * bytes of JSON, then the data, in which every byte belongs to exactly one tensor.
 *
 * @param dataOffset start of the data in the file, bytes
 * @param tensors by name, in the header's order
 */
record SafetensorsHeader(long dataOffset, Map<String, Entry> tensors) {
    /** The limit of the format's reference reader. */
    private static final long LONGEST = 100_000_000;

    private static final String METADATA = "__metadata__";

    /** One tensor: its bytes are {@code [begin, end)} of the data. */
    record Entry(SafetensorsDtype dtype, List<Long> shape, long begin, long end) {}

    static SafetensorsHeader read(Path file) {
        InputFiles.check(file);
        try (InputStream in = Files.newInputStream(file)) {
            long size = Files.size(file);
            if (size < Long.BYTES) {
                throw bad(file, "is " + size + " bytes long, expected at least 10 for a safetensors file");
            }
            long length = ByteBuffer.wrap(in.readNBytes(Long.BYTES))
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .getLong();
            if (length < 0 || length > LONGEST) {
                throw bad(
                        file,
                        "declares a header of " + Long.toUnsignedString(length) + " bytes, expected at most "
                                + LONGEST);
            }
            if (length > size - Long.BYTES) {
                throw bad(
                        file,
                        "declares a header of " + length + " bytes, but only " + (size - Long.BYTES)
                                + " follow the length in the file");
            }
            byte[] json = in.readNBytes((int) length);
            long dataOffset = Long.BYTES + length;
            Map<String, Entry> tensors = entries(StrictJson.parse(json, "the header of " + file, file), file);
            checkCover(tensors, size - dataOffset, file);
            return new SafetensorsHeader(dataOffset, Collections.unmodifiableMap(tensors));
        } catch (IOException e) {
            throw InputFiles.unreadable(file, e);
        }
    }

    private static Map<String, Entry> entries(ObjectNode header, Path file) {
        Map<String, Entry> tensors = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : header.properties()) {
            if (field.getKey().equals(METADATA)) {
                checkMetadata(field.getValue(), file);
            } else {
                tensors.put(field.getKey(), entry(field.getKey(), field.getValue(), file));
            }
        }
        return tensors;
    }

    private static void checkMetadata(JsonNode metadata, Path file) {
        boolean texts =
                metadata.isObject() || metadata.isNull(); // null counts as absent, as in the safetensors library
        for (JsonNode value : metadata) {
            texts &= value.isTextual();
        }
        if (!texts) {
            throw bad(file, "has " + METADATA + " that is not an object of strings");
        }
    }

    private static Entry entry(String name, JsonNode node, Path file) {
        SafetensorsDtype dtype = dtype(name, node.path("dtype"), file);
        long[] shape = naturals(node.path("shape"), "the shape of tensor " + name, file);
        long[] offsets = naturals(node.path("data_offsets"), "the data_offsets of tensor " + name, file);
        if (offsets.length != 2 || offsets[0] > offsets[1]) {
            throw bad(
                    file,
                    "has data_offsets " + Arrays.toString(offsets) + " for tensor " + name
                            + ", expected [begin, end] with begin <= end");
        }
        long given = offsets[1] - offsets[0];
        long expected;
        try {
            expected = dtype.bytes();
            for (long dimension : shape) {
                expected = Math.multiplyExact(expected, dimension);
            }
        } catch (ArithmeticException e) {
            throw bad(
                    file,
                    "has tensor " + name + " of shape " + Arrays.toString(shape) + ", which is more than "
                            + "2^63 bytes");
        }
        if (given != expected) {
            throw bad(
                    file,
                    "has " + given + " bytes for tensor " + name + ", expected " + expected + " for " + dtype + " "
                            + Arrays.toString(shape));
        }
        return new Entry(dtype, Arrays.stream(shape).boxed().toList(), offsets[0], offsets[1]);
    }

    private static SafetensorsDtype dtype(String name, JsonNode node, Path file) {
        for (SafetensorsDtype dtype : SafetensorsDtype.values()) {
            if (node.isTextual() && node.textValue().equals(dtype.name())) {
                return dtype;
            }
        }
        throw new BadInputException(file + " has tensor " + name + " of dtype "
                + (node.isTextual() ? node.textValue() : "(none)")
                + ", expected F32, F16 or BF16. Convert the checkpoint to one of them.");
    }

    private static long[] naturals(JsonNode node, String what, Path file) {
        boolean fine = node.isArray();
        long[] values = new long[node.size()];
        for (int i = 0; fine && i < values.length; i++) {
            JsonNode value = node.get(i);
            fine = value.isIntegralNumber() && value.canConvertToLong() && value.longValue() >= 0;
            values[i] = value.longValue();
        }
        if (!fine) {
            throw bad(file, "has " + what + " that is not a list of non-negative integers");
        }
        return values;
    }

    /** Rejects overlaps and gaps, as the format does: a gap could hide anything. */
    private static void checkCover(Map<String, Entry> tensors, long dataBytes, Path file) {
        List<Map.Entry<String, Entry>> byOffset = new ArrayList<>(tensors.entrySet());
        byOffset.sort(Comparator.<Map.Entry<String, Entry>>comparingLong(
                        tensor -> tensor.getValue().begin())
                .thenComparingLong(tensor -> tensor.getValue().end()));
        long covered = 0;
        for (Map.Entry<String, Entry> tensor : byOffset) {
            Entry entry = tensor.getValue();
            if (entry.begin() != covered) {
                throw bad(
                        file,
                        "has tensor " + tensor.getKey() + " at " + entry.begin() + ", expected at " + covered
                                + " , where the previous tensor ends");
            }
            covered = entry.end();
        }
        if (covered != dataBytes) {
            throw bad(file, "has " + dataBytes + " bytes of data, but its tensors need " + covered);
        }
    }

    private static BadInputException bad(Path file, String what) {
        return new BadInputException(file + " " + what + ": the file is damaged, truncated or not safetensors. "
                + Remedy.ofDamaged(file, "Fetch it again."));
    }
}
