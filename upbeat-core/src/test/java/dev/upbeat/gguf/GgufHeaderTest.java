package dev.upbeat.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.io.BadInputException;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GgufHeaderTest {
    @TempDir
    Path directory;

    /** The file is by the gguf package's writer (src/test/python/gguf_golden.py). */
    @Test
    void metadataOfEveryTypeIsRead() throws IOException {
        GgufMetadata metadata = golden();
        assertThat(metadata.values())
                .containsEntry("test.uint8", 255L)
                .containsEntry("test.int8", -128L)
                .containsEntry("test.uint16", 65535L)
                .containsEntry("test.int16", -32768L)
                .containsEntry("test.uint32", 4294967295L)
                .containsEntry("test.int32", -2147483648L)
                .containsEntry("test.float32", 1e-5f)
                .containsEntry("test.bool", true)
                .containsEntry("test.string", "pré-plan ▁")
                .containsEntry("test.uint64", new BigInteger("18446744073709551615"))
                .containsEntry("test.int64", Long.MIN_VALUE)
                .containsEntry("test.float64", 0.1)
                .containsEntry("test.floats", List.of(0.5f, -1.25f))
                .containsEntry("test.nested", List.of(List.of(1L, 2L), List.of(3L)));
    }

    @Test
    void arraysThatTakeTooMuchMemoryAreRefused() {
        ByteBuffer array = ByteBuffer.allocate(12 + 6_000_000).order(ByteOrder.LITTLE_ENDIAN);
        array.putInt(GgufValue.UINT8.ordinal()).putLong(6_000_000);
        Path file = new GgufBuilder()
                .value("first", GgufValue.ARRAY, array.array())
                .value("second", GgufValue.ARRAY, array.array())
                .write(directory);
        assertThatThrownBy(() -> GgufHeader.read(file))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll("12000000 elements", "second", "10000000");
    }

    @Test
    void typedGettersGiveWhatIsThere() throws IOException {
        GgufMetadata metadata = golden();
        assertThat(metadata.string("test.string")).isEqualTo("pré-plan ▁");
        assertThat(metadata.bool("test.bool", false)).isTrue();
        assertThat(metadata.bool("test.none", true)).isTrue();
        assertThat(metadata.integer("test.int32")).isEqualTo(Integer.MIN_VALUE);
        assertThat(metadata.number("test.float32")).isEqualTo(1e-5);
        assertThat(metadata.number("test.float64")).isEqualTo(0.1);
        assertThat(metadata.strings("test.strings")).containsExactly("a", "", "ß");
        assertThat(metadata.integers("test.integers")).containsExactly(1, -2, 3);
        assertThat(metadata.contains("test.none")).isFalse();
    }

    @Test
    void typedGettersRefuseMissingAndOtherTypes() throws IOException {
        GgufMetadata metadata = golden();
        refuses(() -> metadata.string("test.none"), "has no value for test.none, expected a string");
        refuses(() -> metadata.string("test.uint8"), "has Long 255 for test.uint8, expected a string");
        refuses(() -> metadata.integer("test.uint32"), "has Long 4294967295 for test.uint32, expected an integer");
        refuses(() -> metadata.integer("test.uint64"), "expected an integer of 32 bits");
        refuses(() -> metadata.number("test.uint8"), "expected a floating-point number");
        refuses(() -> metadata.bool("test.int8", true), "expected a boolean");
        refuses(() -> metadata.strings("test.integers"), "has Long 1 for test.integers, expected an array of strings");
        refuses(() -> metadata.integers("test.floats"), "expected an integer of 32 bits");
        refuses(() -> metadata.strings("test.string"), "expected an array");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void versionsTwoAndThreeAreRead(int version) {
        Path file = small().version(version).write(directory);
        GgufHeader header = GgufHeader.read(file);
        assertThat(header.metadata().string("general.architecture")).isEqualTo("llama");
        assertThat(header.tensors()).containsOnlyKeys("w", "v");
        assertThat(Objects.requireNonNull(header.tensors().get("w")).shape()).containsExactly(2L, 3L);
    }

    @ParameterizedTest
    @CsvSource({
        "1, is a GGUF file of version 1",
        "4, is a GGUF file of version 4",
        "0, is a GGUF file of version 0",
        "50331648, is a GGUF file big-endian", // 3, its bytes the other way round
    })
    void otherVersionsAndByteOrdersAreRefused(int version, String message) {
        refuses(small().version(version), message + ", expected a little-endian file of version 2 or 3");
    }

    @Test
    void aFileOfAnotherFormatIsRefused() throws IOException {
        Path file = Files.writeString(directory.resolve("model.gguf"), "PK, or whatever");
        refuses(() -> GgufHeader.read(file), "is not a GGUF file");
        Files.write(file, new byte[0]);
        refuses(() -> GgufHeader.read(file), "is not a GGUF file");
    }

    @Test
    void aMissingFileIsRefused() {
        refuses(() -> GgufHeader.read(directory.resolve("none.gguf")), "there is no such file");
    }

    @ParameterizedTest
    @CsvSource({"9, Q8_1", "16, IQ2_XXS", "18, IQ3_XXS", "40, NVFP4", "5, 5", "-1, 4294967295"})
    void anUnreadTypeIsRefusedByName(int type, String name) {
        refuses(
                new GgufBuilder().tensor("blk.0.attn_q.weight", type, new byte[24], 32),
                "has tensor blk.0.attn_q.weight of type " + name
                        + ", expected one of F32, F16, BF16, Q4_0, Q4_1, Q5_0,");
    }

    @Test
    void everyTruncationIsRefused() throws IOException {
        byte[] whole = small().bytes();
        int data = Math.toIntExact(GgufHeader.read(small().write(directory)).tensors().values().stream()
                .mapToLong(info -> info.offset() + info.bytes())
                .max()
                .orElseThrow());
        for (int length = 0; length < data; length++) {
            Path file = Files.write(directory.resolve("cut.gguf"), Arrays.copyOf(whole, length));
            refuses(() -> GgufHeader.read(file), "cut.gguf");
        }
        GgufHeader.read(Files.write(directory.resolve("cut.gguf"), Arrays.copyOf(whole, data)));
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 16})
    void aCountBeyondTheFileIsRefusedUnread(int at) throws IOException {
        byte[] bytes = small().bytes();
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(at, 1L << 60);
        Path file = Files.write(directory.resolve("model.gguf"), bytes);
        refuses(() -> GgufHeader.read(file), "has 1152921504606846976 as the number of");
    }

    @Test
    void claimsOfLengthInsideMetadataAreRefusedUnread() {
        byte[] huge = GgufBuilder.little(12).putInt(8).putLong(-1).array();
        refuses(
                new GgufBuilder().value("k", GgufValue.ARRAY, huge),
                "has 18446744073709551615 as the length of array k");
        byte[] text = GgufBuilder.little(8).putLong(10_000_000_000L).array();
        refuses(new GgufBuilder().value("k", GgufValue.STRING, text), "has 10000000000 as the length of k");
    }

    @Test
    void arraysNestedDeepAreRefused() {
        ByteBuffer nested = ByteBuffer.allocate(12 * 1000).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 1000; i++) {
            nested.putInt(GgufBuilder.id(GgufValue.ARRAY)).putLong(1);
        }
        refuses(new GgufBuilder().value("k", GgufValue.ARRAY, nested.array()), "nests arrays more than 4 deep at k");
    }

    @Test
    void valuesOutsideTheirTypeAreRefused() {
        refuses(new GgufBuilder().value("k", GgufValue.BOOL, new byte[] {2}), "has 2 for the boolean k");
        byte[] latin = GgufBuilder.little(9).putLong(1).put((byte) 0xe9).array();
        refuses(new GgufBuilder().value("k", GgufValue.STRING, latin), "has bytes in k that are not UTF-8");
        byte[] unknown = GgufBuilder.little(12).putInt(13).putLong(0).array();
        refuses(new GgufBuilder().value("k", GgufValue.ARRAY, unknown), "has value type 13 at k");
    }

    @Test
    void doubleNamesAreRefused() {
        refuses(small().string("general.architecture", "qwen2"), "has the metadata key general.architecture twice");
        refuses(small().floats("w", new float[2], 2), "has tensor w twice");
    }

    @Test
    void shapesThatDoNotHoldAreRefused() {
        refuses(new GgufBuilder().floats("w", new float[1]), "has tensor w of rank 0, expected 1 to 4");
        refuses(new GgufBuilder().floats("w", new float[1], 1, 1, 1, 1, 1), "has tensor w of rank 5");
        refuses(new GgufBuilder().floats("w", new float[1], 0), "has tensor w with a dimension of 0");
        refuses(new GgufBuilder().floats("w", new float[1], -1), "with a dimension of 18446744073709551615");
        refuses(new GgufBuilder().floats("w", new float[1], 1L << 40, 1L << 40), "more than 2^63 bytes");
        // 2^64 + 128 bytes: counted in 64 bits, they are the 128 that are there.
        refuses(new GgufBuilder().floats("w", new float[32], (1L << 62) + 32), "more than 2^63 bytes");
        refuses(new GgufBuilder().floats("w", new float[1], 64), "has tensor w of 256 bytes at offset 0 of 32 bytes");
        refuses(
                new GgufBuilder().tensor("w", GgufType.Q4_K.id(), new byte[144], 32),
                "has rows of 32 in tensor w, expected a multiple of 256 for Q4_K");
    }

    @Test
    void placesThatDoNotHoldAreRefused() {
        refuses(
                new GgufBuilder().tensorAt(4, "w", 0, new byte[64], 2),
                "has tensor w at offset 4, expected a multiple of 32");
        refuses(
                new GgufBuilder().tensorAt(1L << 62, "w", 0, new byte[64], 2),
                "has tensor w of 8 bytes at offset 4611686018427387904");
        refuses(
                new GgufBuilder().floats("v", new float[16], 16).tensorAt(32, "w", 0, new byte[64], 2),
                "has tensor w within the bytes of tensor v");
    }

    @Test
    void anAlignmentMustBeAPowerOfTwo() {
        refuses(small().uint32("general.alignment", 24), "has general.alignment 24, expected a power of two");
        refuses(small().uint32("general.alignment", 0), "has general.alignment 0");
    }

    private static GgufBuilder small() {
        return new GgufBuilder()
                .string("general.architecture", "llama")
                .floats("w", new float[] {1, 2, 3, 4, 5, 6}, 2, 3)
                .tensor("v", GgufType.Q8_0.id(), new byte[34], 32);
    }

    private void refuses(GgufBuilder file, String message) {
        Path path = file.write(directory);
        refuses(() -> GgufHeader.read(path), message);
    }

    private static void refuses(Runnable reading, String message) {
        assertThatThrownBy(reading::run).isInstanceOf(BadInputException.class).hasMessageContaining(message);
    }

    private GgufMetadata golden() throws IOException {
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream("/checkpoint/blocks.gguf"))) {
            Path file = directory.resolve("blocks.gguf");
            Files.copy(in, file);
            return GgufHeader.read(file).metadata();
        }
    }
}
