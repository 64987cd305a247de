package dev.upbeat.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.io.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelFileTest {
    private static final ModelShape SHAPE = new ModelShape(24, 40, 4, 2, 8);
    private static final Kernels OTHER =
            Kernels.byCapability().withProducts(Dtype.F32).withAttention(Dtype.BF16);

    @TempDir
    private Path directory;

    private final List<String> remarks = new ArrayList<>();
    private int measured;

    @Test
    void aChoiceIsMeasuredOnceForAShape() throws IOException {
        assertThat(cached(SHAPE)).isEqualTo(OTHER);
        assertThat(cached(SHAPE)).isEqualTo(OTHER);
        assertThat(measured).isEqualTo(1);
        assertThat(cached(new ModelShape(24, 40, 4, 4, 8))).isEqualTo(OTHER);
        assertThat(measured).isEqualTo(2);
        assertThat(remarks).isEmpty();
        assertThat(Files.readString(onlyFiles().get(0))).contains("\"products\" : \"f32\"", "\"kv_heads\" : ");
    }

    @Test
    void aDamagedChoiceIsMeasuredAgain() throws IOException {
        cached(SHAPE);
        Files.writeString(onlyFiles().get(0), "{");
        assertThat(cached(SHAPE)).isEqualTo(OTHER);
        assertThat(measured).isEqualTo(2);
        assertThat(remarks).hasSize(1);
        assertThat(cached(SHAPE)).isEqualTo(OTHER);
        assertThat(measured).isEqualTo(2);
    }

    @Test
    void withoutACacheItIsMeasuredEachTime() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");
        assertThat(KernelFile.cachedOr(file.resolve("kernels"), SHAPE, remarks::add, () -> OTHER))
                .isEqualTo(OTHER);
        assertThat(remarks).hasSize(1);
        assertThat(remarks.get(0)).contains("cannot keep the choice of kernels");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "null",
                "{\"machine\": \"m\", \"shape\": null}",
                "{\"machine\": \"m\", \"shape\": null, \"kernels\": null}",
                "{\"machine\": \"m\", \"shape\": null, \"kernels\": {\"products\": \"f64\"}}",
                "{\"machine\": \"m\", \"shape\": null, \"kernels\": {\"products\": \"f32\"}}",
                "{\"machine\": \"m\", \"shape\": null, \"kernels\": {\"products\": null, \"attention\": \"f32\", "
                        + "\"linear\": \"aten\", \"weights\": \"plain\", \"batched\": \"aten\", \"scores\": \"flash\"}}"
            })
    void otherFilesAreRefused(String text) throws IOException {
        Path file = Files.writeString(directory.resolve("kernels.json"), text);
        assertThatThrownBy(() -> KernelFile.read(file))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("not a file of kernels")
                .hasMessageContaining("expected one that upbeat bench peak --save wrote");
    }

    private Kernels cached(ModelShape shape) {
        return KernelFile.cachedOr(directory, shape, remarks::add, () -> {
            measured++;
            return OTHER;
        });
    }

    private List<Path> onlyFiles() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }
}
