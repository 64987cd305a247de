package dev.upbeat.gguf;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Small GGUF files, byte by byte as the format's specification has them: right ones and wrong ones. */
public final class GgufBuilder {
    private static final int ALIGNMENT = 32;

    private final ByteArrayOutputStream values = new ByteArrayOutputStream();
    private final ByteArrayOutputStream infos = new ByteArrayOutputStream();
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private int version = 3;
    private int valueCount;
    private int tensorCount;

    public GgufBuilder version(int version) {
        this.version = version;
        return this;
    }

    public GgufBuilder string(String key, String value) {
        return value(key, GgufValue.STRING, string(value));
    }

    public GgufBuilder uint32(String key, int value) {
        return value(key, GgufValue.UINT32, little(4).putInt(value).array());
    }

    public GgufBuilder float32(String key, float value) {
        return value(key, GgufValue.FLOAT32, little(4).putFloat(value).array());
    }

    public GgufBuilder strings(String key, List<String> texts) {
        ByteArrayOutputStream array = new ByteArrayOutputStream();
        array.writeBytes(
                little(12).putInt(id(GgufValue.STRING)).putLong(texts.size()).array());
        texts.forEach(text -> array.writeBytes(string(text)));
        return value(key, GgufValue.ARRAY, array.toByteArray());
    }

    public GgufBuilder int32s(String key, int... values) {
        ByteBuffer array = ByteBuffer.allocate(12 + 4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        array.putInt(id(GgufValue.INT32)).putLong(values.length);
        for (int value : values) {
            array.putInt(value);
        }
        return value(key, GgufValue.ARRAY, array.array());
    }

    /** @param bytes of the value, as the file has them */
    public GgufBuilder value(String key, GgufValue type, byte[] bytes) {
        values.writeBytes(string(key));
        values.writeBytes(little(4).putInt(id(type)).array());
        values.writeBytes(bytes);
        valueCount++;
        return this;
    }

    /** @param shape rows first, as in PyTorch */
    public GgufBuilder floats(String name, float[] weights, long... shape) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * weights.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float weight : weights) {
            bytes.putFloat(weight);
        }
        return tensor(name, GgufType.F32.id(), bytes.array(), shape);
    }

    public GgufBuilder tensor(String name, int type, byte[] bytes, long... shape) {
        return tensorAt(data.size(), name, type, bytes, shape);
    }

    public GgufBuilder tensorAt(long offset, String name, int type, byte[] bytes, long... shape) {
        infos.writeBytes(string(name));
        infos.writeBytes(little(4).putInt(shape.length).array());
        for (int i = shape.length - 1; i >= 0; i--) {
            infos.writeBytes(little(8).putLong(shape[i]).array());
        }
        infos.writeBytes(little(12).putInt(type).putLong(offset).array());
        data.writeBytes(bytes);
        data.writeBytes(new byte[padding(data.size())]);
        tensorCount++;
        return this;
    }

    public byte[] bytes() {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes("GGUF".getBytes(StandardCharsets.US_ASCII));
        file.writeBytes(little(20)
                .putInt(version)
                .putLong(tensorCount)
                .putLong(valueCount)
                .array());
        file.writeBytes(values.toByteArray());
        file.writeBytes(infos.toByteArray());
        file.writeBytes(new byte[padding(file.size())]);
        file.writeBytes(data.toByteArray());
        return file.toByteArray();
    }

    public Path write(Path directory) {
        try {
            return Files.write(directory.resolve("model.gguf"), bytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int padding(int size) {
        return (ALIGNMENT - size % ALIGNMENT) % ALIGNMENT;
    }

    private static byte[] string(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return little(8 + utf8.length).putLong(utf8.length).put(utf8).array();
    }

    public static int id(GgufValue type) {
        return List.of(GgufValue.values()).indexOf(type);
    }

    public static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
