package dev.upbeat.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.checkpoint.Safetensors;
import dev.upbeat.checkpoint.TinyModels;
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
    /** Where the blocks of each quantised type keep their f16 scales. */
    private static final Map<GgufType, int[]> HALVES = Map.ofEntries(
            Map.entry(GgufType.Q4_0, new int[] {0}),
            Map.entry(GgufType.Q4_1, new int[] {0, 2}),
            Map.entry(GgufType.Q5_0, new int[] {0}),
            Map.entry(GgufType.Q5_1, new int[] {0, 2}),
            Map.entry(GgufType.Q8_0, new int[] {0}),
            Map.entry(GgufType.Q2_K, new int[] {80, 82}),
            Map.entry(GgufType.Q3_K, new int[] {108}),
            Map.entry(GgufType.Q4_K, new int[] {0, 2}),
            Map.entry(GgufType.Q5_K, new int[] {0, 2}),
            Map.entry(GgufType.Q6_K, new int[] {208}),
            Map.entry(GgufType.IQ4_NL, new int[] {0}),
            Map.entry(GgufType.IQ4_XS, new int[] {0}),
            Map.entry(GgufType.MXFP4, new int[] {}),
            Map.entry(GgufType.TQ1_0, new int[] {52}),
            Map.entry(GgufType.TQ2_0, new int[] {64}));

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
            mode = EnumSource.Mode.EXCLUDE,
            names = {"F32", "F16", "BF16"})
    void dequantisedChunksEqualGgmlsLoops(GgufType type) {
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

    private static float[] naive(GgufType type, ByteBuffer bytes) {
        int count = bytes.capacity() / type.blockBytes();
        float[] weights = new float[count * type.blockSize()];
        for (int block = 0; block < count; block++) {
            ByteBuffer one =
                    bytes.slice(block * type.blockBytes(), type.blockBytes()).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < type.blockSize(); i++) {
                weights[block * type.blockSize() + i] = NaiveBlocks.weight(type, one, i);
            }
        }
        return weights;
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
