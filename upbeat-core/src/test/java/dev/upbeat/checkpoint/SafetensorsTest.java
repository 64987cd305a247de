package dev.upbeat.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.gguf.GgufBuilder;
import dev.upbeat.io.BadInputException;
import dev.upbeat.tensor.Dtype;
import dev.upbeat.tensor.MappedFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SafetensorsTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(SafetensorsDtype.class)
    void aTensorComesBackAsItWasWritten(SafetensorsDtype dtype) throws IOException {
        try (PointerScope scope = new PointerScope()) {
            Tensor matrix = random(3, 5).to(dtype.scalarType());
            Tensor vector = random(7).to(dtype.scalarType());
            Tensor scalar = random(1).view(new long[0]).to(dtype.scalarType());
            Tensor empty = random(0).view(0, 4).to(dtype.scalarType());
            Path file = write(Map.of("matrix", matrix, "vector", vector, "scalar", scalar, "empty", empty));
            try (Safetensors read = Safetensors.open(file)) {
                assertThat(read.names()).containsExactlyInAnyOrder("matrix", "vector", "scalar", "empty");
                assertThat(read.shape("matrix")).containsExactly(3, 5);
                assertThat(read.shape("scalar")).isEmpty();
                assertThat(read.shape("empty")).containsExactly(0, 4);
                assertThat(TinyModels.read(read, "matrix", Dtype.F32)).containsExactly(TinyModels.floats(matrix));
                assertThat(TinyModels.read(read, "vector", Dtype.F32)).containsExactly(TinyModels.floats(vector));
                assertThat(TinyModels.read(read, "scalar", Dtype.F32)).containsExactly(TinyModels.floats(scalar));
                assertThat(TinyModels.read(read, "empty", Dtype.F32)).isEmpty();
                assertThat(TinyModels.read(read, "matrix", Dtype.BF16))
                        .containsExactly(TinyModels.floats(matrix.to(ScalarType.BFloat16)));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Dtype.class)
    void aTensorInItsStoredDtypeIsAView(Dtype dtype) throws IOException {
        try (PointerScope scope = new PointerScope()) {
            Path file = write(Map.of("w", random(4, 4).to(dtype.scalarType())));
            try (Safetensors read = Safetensors.open(file)) {
                long first = read.read("w", dtype).data_ptr().address();
                assertThat(read.read("w", dtype).data_ptr().address()).isEqualTo(first);
                Dtype other = dtype == Dtype.F32 ? Dtype.BF16 : Dtype.F32;
                assertThat(read.read("w", other).data_ptr().address()).isNotEqualTo(first);
            }
        }
    }

    @Test
    void changingAViewLeavesTheFileAsItIs() throws IOException {
        try (PointerScope scope = new PointerScope()) {
            Path file = write(Map.of("w", random(4)));
            byte[] before = Files.readAllBytes(file);
            try (Safetensors read = Safetensors.open(file)) {
                read.read("w", Dtype.F32).zero_();
            }
            assertThat(Files.readAllBytes(file)).isEqualTo(before);
        }
    }

    @Test
    void theHeaderIsAlignedAndWideDtypesComeFirst() throws IOException {
        try (PointerScope scope = new PointerScope()) {
            Path file = write(Map.of(
                    "a", TinyModels.tensor(new float[] {1}, Dtype.BF16, 1),
                    "b", TinyModels.tensor(new float[] {2}, Dtype.F32, 1)));
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
            long length = bytes.getLong();
            assertThat(length % 8).isZero();
            byte[] header = new byte[(int) length];
            bytes.get(header);
            assertThat(new String(header, StandardCharsets.UTF_8).strip())
                    .isEqualTo("{\"__metadata__\":{\"format\":\"pt\"},"
                            + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
                            + "\"a\":{\"dtype\":\"BF16\",\"shape\":[1],\"data_offsets\":[4,6]}}");
            assertThat(bytes.getFloat()).isEqualTo(2f);
            assertThat(bytes.getShort()).isEqualTo((short) 0x3f80);
            assertThat(bytes.hasRemaining()).isFalse();
        }
    }

    @Test
    void aTransposedTensorIsWrittenInItsOwnOrder() throws IOException {
        try (PointerScope scope = new PointerScope()) {
            Tensor matrix = TinyModels.tensor(new float[] {1, 2, 3, 4, 5, 6}, Dtype.F32, 2, 3);
            try (Safetensors read = Safetensors.open(write(Map.of("t", matrix.transpose(0, 1))))) {
                assertThat(read.shape("t")).containsExactly(3, 2);
                assertThat(TinyModels.read(read, "t", Dtype.F32)).containsExactly(1, 4, 2, 5, 3, 6);
            }
        }
    }

    @Test
    void anUnsupportedDtypeIsNotWritten() {
        try (PointerScope scope = new PointerScope()) {
            Tensor integers = random(2).to(ScalarType.Long);
            assertThatThrownBy(() -> write(Map.of("ids", integers)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("ids")
                    .hasMessageContaining("Long");
            assertThat(directory).isEmptyDirectory();
        }
    }

    @Test
    void aTensorAtAnOddOffsetIsReadToo() throws IOException {
        Path file = raw("{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}} ", floats(1.5f, -2));
        assertThat(Files.size(file) % 2).isOne();
        try (Safetensors read = Safetensors.open(file)) {
            assertThat(TinyModels.read(read, "w", Dtype.F32)).containsExactly(1.5f, -2);
        }
    }

    @Test
    void openingReadingAndClosingLeavesNoNativeMemory() throws IOException {
        Path file;
        try (PointerScope scope = new PointerScope()) {
            file = write(Map.of("w", random(64)));
        }
        openReadClose(file);
        long pointers = Pointer.totalCount();
        for (int i = 0; i < 50; i++) {
            openReadClose(file);
        }
        assertThat(Pointer.totalCount()).isEqualTo(pointers);
    }

    private static void openReadClose(Path file) {
        try (Safetensors read = Safetensors.open(file);
                PointerScope scope = new PointerScope()) {
            read.read("w", Dtype.BF16);
            read.read("w", Dtype.F32);
        }
    }

    @Test
    void aClosedSourceSaysSo() throws IOException {
        try (PointerScope scope = new PointerScope()) {
            Safetensors read = Safetensors.open(write(Map.of("w", random(2))));
            read.close();
            read.close();
            assertThatThrownBy(() -> read.read("w", Dtype.F32))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("closed");
        }
    }

    @Test
    void anUnknownTensorIsNamed() throws IOException {
        try (PointerScope scope = new PointerScope();
                Safetensors read = Safetensors.open(write(Map.of("w", random(2))))) {
            assertThatThrownBy(() -> read.read("v", Dtype.F32))
                    .isInstanceOf(BadInputException.class)
                    .hasMessageContaining("no tensor v");
            assertThatThrownBy(() -> read.shape("v")).isInstanceOf(BadInputException.class);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"w":{"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]}}             | tensor w of dtype F8_E4M3, expected F32, F16 or BF16
            {"w":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}                 | tensor w of dtype I64
            {"w":{"shape":[1],"data_offsets":[0,8]}}                               | tensor w of dtype (none)
            {"w":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}                 | 8 bytes for tensor w, expected 12 for F32 [3]
            {"w":{"dtype":"F32","shape":[4611686018427387904,2],"data_offsets":[0,8]}} | more than 2^63 bytes
            {"w":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}                | the shape of tensor w that is not a list of non-negative integers
            {"w":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}}               | the shape of tensor w that is not a list
            {"w":{"dtype":"F32","shape":2,"data_offsets":[0,8]}}                   | the shape of tensor w that is not a list
            {"w":{"dtype":"F32","shape":[1e99999],"data_offsets":[0,8]}}           | the shape of tensor w that is not a list
            {"w":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}                 | data_offsets [8, 0] for tensor w, expected [begin, end]
            {"w":{"dtype":"F32","shape":[2],"data_offsets":[0]}}                   | data_offsets [0] for tensor w
            {"w":{"dtype":"F32","shape":[2],"data_offsets":[0,99999999999999999999]}} | the data_offsets of tensor w
            {"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}                 | 8 bytes of data, but its tensors need 4
            {"w":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}                | 8 bytes of data, but its tensors need 16
            {"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}                 | tensor w at 4, expected at 0
            {"v":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}} | tensor w at 4, expected at 8
            {"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} | Duplicate field 'w'
            {"__metadata__":{"format":1},"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} | __metadata__ that is not an object of strings
            {"w":7}                                                                | tensor w of dtype (none)
            {"w":                                                                  | is not valid JSON
            {"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} x               | is not valid JSON
            [1]                                                                    | is not a JSON object
            """)
    void aHeaderThatDoesNotHoldIsRefused(String header, String message) throws IOException {
        Path file = raw(header, new byte[8]);
        assertThatThrownBy(() -> Safetensors.open(file))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(message);
    }

    @Test
    void metadataThatIsNullIsNone() throws IOException {
        Path file = raw(
                "{\"__metadata__\":null,\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", new byte[8]);
        try (Safetensors read = Safetensors.open(file)) {
            assertThat(read.names()).containsExactly("w");
        }
    }

    @Test
    void aHeaderOfTenGigabytesIsRefusedUnread() throws IOException {
        Path file = Files.write(
                directory.resolve("model.safetensors"),
                GgufBuilder.little(16).putLong(10_000_000_000L).array());
        refuses(file, "declares a header of 10000000000 bytes, expected at most 100000000");
    }

    @Test
    void aHeaderLongerThanTheFileIsRefused() throws IOException {
        Path file = Files.write(
                directory.resolve("model.safetensors"),
                GgufBuilder.little(16).putLong(9).array());
        refuses(file, "declares a header of 9 bytes, but only 8 follow");
    }

    @Test
    void aNegativeHeaderLengthIsRefused() throws IOException {
        Path file = Files.write(
                directory.resolve("model.safetensors"),
                GgufBuilder.little(16).putLong(-1).array());
        refuses(file, "declares a header of 18446744073709551615 bytes");
    }

    @Test
    void aFileShorterThanItsLengthFieldIsRefused() throws IOException {
        refuses(Files.write(directory.resolve("model.safetensors"), new byte[7]), "is 7 bytes long");
    }

    @Test
    void aHeaderThatIsNotUtf8IsRefused() throws IOException {
        byte[] file = GgufBuilder.little(10)
                .putLong(2)
                .put((byte) '{')
                .put((byte) 0xff)
                .array();
        refuses(Files.write(directory.resolve("model.safetensors"), file), "is not UTF-8");
    }

    @Test
    void whatCannotBeMappedIsRefusedWithTheReason() {
        assertThatThrownBy(() -> MappedFile.open(directory))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining(directory.toString())
                .hasMessageContaining("cannot be mapped into memory (")
                .hasMessageNotContaining("\n");
    }

    @Test
    void aMissingFileIsRefused() {
        refuses(directory.resolve("none.safetensors"), "there is no such file");
    }

    @Test
    void aDirectoryWithoutSafetensorsIsRefused() {
        refuses(directory, "has no weights: expected model.safetensors or model.safetensors.index.json");
    }

    private static void refuses(Path path, String message) {
        assertThatThrownBy(() -> Safetensors.open(path))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining(path.toString())
                .hasMessageContaining(message);
    }

    private Path write(Map<String, Tensor> tensors) throws IOException {
        Path file = directory.resolve("model.safetensors");
        SafetensorsWriter.write(file, tensors);
        return file;
    }

    private Path raw(String header, byte[] data) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return Files.write(
                directory.resolve("model.safetensors"),
                GgufBuilder.little(8 + json.length + data.length)
                        .putLong(json.length)
                        .put(json)
                        .put(data)
                        .array());
    }

    private static byte[] floats(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putFloat(value);
        }
        return bytes.array();
    }

    private static Tensor random(long... shape) {
        int size = 1;
        for (long dimension : shape) {
            size *= (int) dimension;
        }
        return TinyModels.tensor(TinyModels.floats(new Random(7), size), Dtype.F32, shape);
    }
}
