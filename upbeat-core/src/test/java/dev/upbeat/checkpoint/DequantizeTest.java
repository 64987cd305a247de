package dev.upbeat.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.tensor.Dtype;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DequantizeTest {
    private static final Map<GgufType, int[]> HALVES = Map.of(
            GgufType.Q4_0, new int[] {0},
            GgufType.Q4_1, new int[] {0, 2},
            GgufType.Q8_0, new int[] {0},
            GgufType.Q4_K, new int[] {0, 2},
            GgufType.Q6_K, new int[] {208});

    @TempDir
    Path directory;

    /** Golden: gguf 0.19.0's dequantize on random blocks (src/test/python/gguf_golden.py), to the bit. */
    @ParameterizedTest
    @EnumSource(GgufType.class)
    void everyTypeEqualsTheGgufPackage(GgufType type) throws IOException {
        try (GgufFile file = GgufFile.open(resource("blocks.gguf"));
                Safetensors golden = Safetensors.open(resource("blocks.safetensors"))) {
            assertThat(read(file, type.name(), Dtype.F32)).isEqualTo(TinyModels.read(golden, type.name(), Dtype.F32));
            assertThat(read(file, type.name(), Dtype.BF16)).isEqualTo(TinyModels.read(golden, type.name(), Dtype.BF16));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = GgufType.class,
            names = {"Q4_0", "Q4_1", "Q8_0", "Q4_K", "Q6_K"})
    void whatIsDecodedInChunksEqualsGgmlsLoops(GgufType type) {
        int columns = 512;
        int rows = 83; // 42,496 weights: two full chunks and a part
        byte[] bytes = randomBlocks(type, rows * columns / type.blockSize());
        Path path =
                new GgufBuilder().tensor("w", type.id(), bytes, rows, columns).write(directory);
        float[] expected = naive(type, ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
        try (GgufFile file = GgufFile.open(path)) {
            assertThat(read(file, "w", Dtype.F32)).isEqualTo(expected);
            assertThat(read(file, "w", Dtype.BF16)).isEqualTo(rounded(expected));
        }
    }

    @Test
    void tensorsAtOddOffsetsAreReadToo() throws IOException {
        byte[] bytes = new GgufBuilder()
                .value("general.alignment", GgufValue.UINT32, new byte[] {1, 0, 0, 0})
                .tensorAt(1, "w", GgufType.Q8_0.id(), randomBlocks(GgufType.Q8_0, 1), 32)
                .bytes();
        // With an alignment of 1 the data begins where the builder pads: the block is read from there, zeros first.
        try (GgufFile file = GgufFile.open(Files.write(directory.resolve("odd.gguf"), bytes))) {
            GgufHeader.Info info = info(file, "w");
            float[] expected = naive(
                    GgufType.Q8_0,
                    ByteBuffer.wrap(bytes, (int) info.offset(), 34).slice().order(ByteOrder.LITTLE_ENDIAN));
            assertThat(info.offset() % 2).isOne();
            assertThat(read(file, "w", Dtype.F32)).isEqualTo(expected);
        }
    }

    private static byte[] randomBlocks(GgufType type, int count) {
        Random random = new Random(11);
        byte[] bytes = new byte[count * type.blockBytes()];
        random.nextBytes(bytes);
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int block = 0; block < count; block++) {
            for (int offset : Objects.requireNonNull(HALVES.get(type))) {
                // A sign, an exponent from 2^-14 to 1, any mantissa: no NaN, no infinity.
                int half = random.nextInt(2) << 15 | (1 + random.nextInt(14)) << 10 | random.nextInt(1 << 10);
                buffer.putShort(block * type.blockBytes() + offset, (short) half);
            }
        }
        return bytes;
    }

    /** ggml's dequantize_row_* loops, a weight at a time. */
    private static float[] naive(GgufType type, ByteBuffer bytes) {
        int count = bytes.capacity() / type.blockBytes();
        float[] weights = new float[count * type.blockSize()];
        for (int block = 0; block < count; block++) {
            int at = block * type.blockBytes();
            for (int i = 0; i < type.blockSize(); i++) {
                weights[block * type.blockSize() + i] = switch (type) {
                    case Q4_0 -> half(bytes, at) * (nibble(bytes, at + 2, i) - 8);
                    case Q4_1 -> half(bytes, at) * nibble(bytes, at + 4, i) + half(bytes, at + 2);
                    case Q8_0 -> half(bytes, at) * bytes.get(at + 2 + i);
                    case Q4_K -> q4K(bytes, at, i);
                    case Q6_K -> q6K(bytes, at, i);
                    case F32, F16, BF16 -> throw new IllegalArgumentException(type.name());
                };
            }
        }
        return weights;
    }

    /** Weight i of 32 whose first half is in the low nibbles of 16 bytes. */
    private static int nibble(ByteBuffer bytes, int at, int i) {
        int value = bytes.get(at + i % 16) & 0xff;
        return i < 16 ? value & 15 : value >> 4;
    }

    private static float q4K(ByteBuffer bytes, int at, int i) {
        int group = i / 32;
        int value = bytes.get(at + 16 + i / 64 * 32 + i % 32) & 0xff;
        int q = group % 2 == 0 ? value & 15 : value >> 4;
        int[] p = new int[12];
        for (int j = 0; j < 12; j++) {
            p[j] = bytes.get(at + 4 + j) & 0xff;
        }
        // get_scale_min_k4 of ggml-quants.c
        int scale = group < 4 ? p[group] & 63 : (p[group + 4] & 15) | (p[group - 4] >> 6) << 4;
        int minimum = group < 4 ? p[group + 4] & 63 : (p[group + 4] >> 4) | (p[group] >> 6) << 4;
        return half(bytes, at) * scale * q - half(bytes, at + 2) * minimum;
    }

    private static float q6K(ByteBuffer bytes, int at, int i) {
        int side = i / 128;
        int quarter = i % 128 / 32;
        int l = i % 32;
        int low = bytes.get(at + side * 64 + (quarter % 2) * 32 + l) & 0xff;
        int high = bytes.get(at + 128 + side * 32 + l) & 0xff;
        int q = (quarter < 2 ? low & 15 : low >> 4) | ((high >> (2 * quarter)) & 3) << 4;
        return half(bytes, at + 208) * bytes.get(at + 192 + i / 16) * (q - 32);
    }

    /** IEEE half to float, but for infinities and NaN. */
    private static float half(ByteBuffer bytes, int at) {
        int bits = bytes.getShort(at);
        int exponent = bits >> 10 & 0x1f;
        int mantissa = bits & 0x3ff;
        float magnitude =
                exponent == 0 ? Math.scalb((float) mantissa, -24) : Math.scalb(1024f + mantissa, exponent - 25);
        return bits < 0 ? -magnitude : magnitude;
    }

    private static float[] rounded(float[] values) {
        try (PointerScope scope = new PointerScope()) {
            return TinyModels.floats(TinyModels.tensor(values, Dtype.BF16, values.length));
        }
    }

    private static float[] read(GgufFile file, String name, Dtype dtype) {
        try (PointerScope scope = new PointerScope()) {
            return TinyModels.floats(file.read(info(file, name), dtype));
        }
    }

    private static GgufHeader.Info info(GgufFile file, String name) {
        return Objects.requireNonNull(file.header().tensors().get(name));
    }

    private Path resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream("/checkpoint/" + name))) {
            Path file = directory.resolve(name);
            Files.copy(in, file);
            return file;
        }
    }
}
