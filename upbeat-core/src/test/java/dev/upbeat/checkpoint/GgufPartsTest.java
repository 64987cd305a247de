package dev.upbeat.checkpoint;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.gguf.GgufBuilder;
import dev.upbeat.gguf.GgufHeader;
import dev.upbeat.gguf.GgufValue;
import dev.upbeat.io.BadInputException;
import dev.upbeat.tensor.Dtype;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models cut as llama-gguf-split cuts them: metadata in the first part, tensors in all. */
class GgufPartsTest {
    private static final ModelConfig CONFIG = TinyModels.config(Architecture.QWEN2);
    private static final Map<String, float[]> WEIGHTS = TinyModels.weights(CONFIG, 1);

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void anyPartOpensTheWholeModel(int given) throws IOException {
        List<Path> parts = write(3, WEIGHTS.size());
        try (Checkpoint checkpoint = Checkpoint.open(parts.get(given))) {
            assertThat(checkpoint.path()).isEqualTo(parts.get(given));
            assertThat(checkpoint.config()).isEqualTo(CONFIG);
            assertThat(checkpoint.weights().names()).isEqualTo(WEIGHTS.keySet());
            WEIGHTS.forEach((name, values) -> assertThat(TinyModels.read(checkpoint.weights(), name, Dtype.F32))
                    .as(name)
                    .containsExactly(values));
        }
    }

    @Test
    void theChecksumCoversAllParts() throws IOException {
        List<Path> parts = write(2, WEIGHTS.size());
        String before;
        try (Checkpoint checkpoint = Checkpoint.open(parts.get(0))) {
            before = checkpoint.sha256();
        }
        byte[] second = Files.readAllBytes(parts.get(1));
        second[second.length - 40]++;
        Files.write(parts.get(1), second);
        try (Checkpoint checkpoint = Checkpoint.open(parts.get(0))) {
            assertThat(checkpoint.sha256()).isNotEqualTo(before);
        }
    }

    @Test
    void aMissingPartIsNamed() throws IOException {
        List<Path> parts = write(3, WEIGHTS.size());
        Files.delete(parts.get(1));
        refuses(
                parts.get(2),
                "is part 3 of 3",
                "1 of the others are missing",
                parts.get(1).toString());
        refuses(parts.get(0), "is part 1 of 3", parts.get(1).toString());
    }

    @Test
    void aPartUnderAnotherNameIsRefused() throws IOException {
        Path renamed = Files.move(write(2, WEIGHTS.size()).get(0), directory.resolve("model.gguf"));
        refuses(renamed, "is part 1 of 2", "a name that ends in -00001-of-00002.gguf");
    }

    @Test
    void partsOfAnotherSplitAreRefused() throws IOException {
        List<Path> parts = write(2, WEIGHTS.size());
        Files.copy(parts.get(0), directory.resolve("other-00002-of-00002.gguf"));
        Files.move(parts.get(1), directory.resolve("other-00001-of-00002.gguf"));
        refuses(directory.resolve("other-00002-of-00002.gguf"), "expected a name that ends in -00001-of-00002.gguf");

        Files.copy(parts.get(0), parts.get(1));
        refuses(parts.get(0), parts.get(1) + " is part 1 of 2", "expected part 2 of 2");
    }

    @Test
    void anotherNumberOfTensorsThanStatedIsRefused() throws IOException {
        Path first = write(2, WEIGHTS.size() + 1).get(0);
        refuses(first, "have " + WEIGHTS.size() + " tensors, expected " + (WEIGHTS.size() + 1));
    }

    @Test
    void aTensorInTwoPartsIsRefused() throws IOException {
        List<Path> parts = write(2, WEIGHTS.size());
        GgufBuilder second = numbered(new GgufBuilder(), 1, 2, WEIGHTS.size());
        requireNonNull(GgufHeader.read(parts.get(0)).tensors())
                .forEach((name, info) -> second.floats(name, new float[(int) info.weights()], info.weights()));
        Files.write(parts.get(1), second.bytes());
        refuses(parts.get(0), parts.get(1).toString(), "which is also in an earlier part");
    }

    @Test
    void numbersThatDoNotFitAreRefused() throws IOException {
        for (int[] split : new int[][] {{3, 3}, {-1, 3}, {0, 100_000}}) {
            Path file = directory.resolve("odd.gguf");
            Files.write(file, numbered(new GgufBuilder(), split[0], split[1], 0).bytes());
            refuses(file, "split.count " + split[1], "expected a number from 0 below a count of at most 99999");
        }
    }

    /** @param stated tensors of all parts by the metadata */
    private List<Path> write(int count, int stated) throws IOException {
        List<String> names = new ArrayList<>(WEIGHTS.keySet());
        List<Path> parts = new ArrayList<>();
        for (int part = 0; part < count; part++) {
            int from = part * names.size() / count;
            int to = (part + 1) * names.size() / count;
            GgufBuilder builder = TinyModels.ggufPart("qwen2", CONFIG, WEIGHTS, names.subList(from, to), part == 0);
            if (part == 0) {
                builder.uint32("general.file_type", 0).uint32("tokenizer.ggml.eos_token_id", 2);
            }
            byte[] bytes = numbered(builder, part, count, stated).bytes();
            parts.add(Files.write(directory.resolve("tiny-0000%d-of-0000%d.gguf".formatted(part + 1, count)), bytes));
        }
        return parts;
    }

    private static GgufBuilder numbered(GgufBuilder builder, int number, int count, int tensors) {
        return builder.value(
                        "split.no",
                        GgufValue.INT32,
                        GgufBuilder.little(4).putInt(number).array())
                .uint32("split.count", count)
                .uint32("split.tensors.count", tensors);
    }

    private static void refuses(Path file, String... parts) {
        assertThatThrownBy(() -> Checkpoint.open(file))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll(parts);
    }
}
