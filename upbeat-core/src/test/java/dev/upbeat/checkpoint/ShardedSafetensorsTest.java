package dev.upbeat.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.io.BadInputException;
import dev.upbeat.tensor.Dtype;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardedSafetensorsTest {
    private static final String INDEX =
            "{\"metadata\": {\"total_size\": 16}, \"weight_map\": {\"a\": \"one.safetensors\", \"b\": \"two.safetensors\"}}";

    @TempDir
    Path directory;

    @BeforeEach
    void twoShards() throws IOException {
        try (PointerScope scope = new PointerScope()) {
            shard("one.safetensors", "a", 1, 2);
            shard("two.safetensors", "b", 3, 4);
        }
        index(INDEX);
    }

    @Test
    void shardsReadAsOneCheckpoint() {
        try (Safetensors read = Safetensors.open(directory)) {
            assertThat(read.names()).containsExactly("a", "b");
            assertThat(read.files())
                    .containsExactly(directory.resolve("one.safetensors"), directory.resolve("two.safetensors"));
            assertThat(TinyModels.read(read, "a", Dtype.F32)).containsExactly(1, 2);
            assertThat(TinyModels.read(read, "b", Dtype.F32)).containsExactly(3, 4);
        }
    }

    @Test
    void oneFileGoesBeforeAnIndexAsInTransformers() throws IOException {
        try (PointerScope scope = new PointerScope()) {
            shard("model.safetensors", "c", 5, 6);
        }
        try (Safetensors read = Safetensors.open(directory)) {
            assertThat(read.names()).containsExactly("c");
        }
    }

    @Test
    void aMissingShardIsNamed() throws IOException {
        Files.delete(directory.resolve("two.safetensors"));
        refuses("names shard two.safetensors, which is missing");
    }

    @Test
    void aShardThatIsRefusedLeavesNoneOpen() throws IOException {
        Safetensors.open(directory).close();
        long pointers = Pointer.totalCount();
        Files.write(directory.resolve("two.safetensors"), new byte[3]);
        refuses("two.safetensors is 3 bytes long");
        assertThat(Pointer.totalCount()).isEqualTo(pointers);
    }

    @Test
    void theShardsDecideWhichTensorsThereAre() throws IOException {
        index(INDEX.replace("\"a\"", "\"lost\""));
        try (Safetensors read = Safetensors.open(directory)) {
            assertThat(read.names()).containsExactly("a", "b");
            assertThat(TinyModels.read(read, "a", Dtype.F32)).containsExactly(1, 2);
        }
    }

    @Test
    void aTensorOfTwoShardsIsNamed() throws IOException {
        try (PointerScope scope = new PointerScope()) {
            shard("two.safetensors", "a", 3, 4);
        }
        refuses("two.safetensors holds tensor a, which is also in another shard");
    }

    @Test
    void aShardOutsideTheDirectoryIsRefused() throws IOException {
        index(INDEX.replace("two.safetensors", "../two.safetensors"));
        refuses("puts tensor b into \"../two.safetensors\": expected the name of a file in the same directory");
    }

    @Test
    void aShardThatIsNoNameIsRefused() throws IOException {
        index(INDEX.replace("\"two.safetensors\"", "7"));
        refuses("puts tensor b into 7");
    }

    @Test
    void anIndexWithoutAWeightMapIsRefused() throws IOException {
        index("{\"metadata\": {}}");
        refuses("has no weight_map");
    }

    private void refuses(String message) {
        assertThatThrownBy(() -> Safetensors.open(directory))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining(message);
    }

    private void index(String json) throws IOException {
        Files.writeString(directory.resolve("model.safetensors.index.json"), json);
    }

    private void shard(String file, String name, float... values) throws IOException {
        SafetensorsWriter.write(
                directory.resolve(file), Map.of(name, TinyModels.tensor(values, Dtype.F32, values.length)));
    }
}
