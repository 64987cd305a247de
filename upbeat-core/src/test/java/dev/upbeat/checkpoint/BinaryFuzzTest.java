package dev.upbeat.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.gguf.GgufBuilder;
import dev.upbeat.gguf.GgufFile;
import dev.upbeat.gguf.GgufHeader;
import dev.upbeat.gguf.GgufValue;
import dev.upbeat.io.BadInputException;
import dev.upbeat.tensor.Dtype;
import dev.upbeat.tokenizer.GgufTokenizer;
import dev.upbeat.tokenizer.HfTokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged files: whatever is done to one, {@link BadInputException} is all that ever leaves its reader, and whatever opens
 * reads to the last tensor. A failure prints the seed and the number of the file; both replay it.
 */
class BinaryFuzzTest {
    private static final long SEED = 20251013;
    private static final long[] EXTREMES = {
        0,
        1,
        -1,
        0x7f,
        0xff,
        0xffff,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        0xffff_ffffL,
        10_000_000_000L,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        Long.MAX_VALUE / 4 + 1,
        1L << 62,
        (1L << 62) + 2 // of f32, as many bytes as two where 64 bits wrap
    };

    @TempDir
    Path directory;

    @Test
    void hundredsOfDamagedFiles() throws IOException {
        fuzzSafetensors(300);
        fuzzGguf(300);
    }

    @Test
    @Tag("slow")
    void tenThousandDamagedFilesOfEachFormat() throws IOException {
        fuzzSafetensors(10_000);
        fuzzGguf(10_000);
    }

    private void fuzzSafetensors(int files) throws IOException {
        ModelConfig config = TinyModels.config(Architecture.LLAMA, true);
        TinyModels.huggingFace(directory, config, TinyModels.weights(config, 1), Dtype.BF16);
        Path file = directory.resolve("model.safetensors");
        byte[] seed = Files.readAllBytes(file);
        long headerEnd = Long.BYTES
                + ByteBuffer.wrap(seed).order(ByteOrder.LITTLE_ENDIAN).getLong();
        fuzz(files, file, (int) headerEnd, seed, () -> {
            try (Checkpoint checkpoint = Checkpoint.open(directory)) {
                readAll(checkpoint.weights());
            }
        });
    }

    private void fuzzGguf(int files) throws IOException {
        Path file = directory.resolve("model.gguf");
        for (byte[] model : List.of(
                llama().uint32("tokenizer.ggml.eos_token_id", 2).bytes(),
                furnished().bytes())) {
            fuzz(files / 3, file, dataOffset(file, model), model, () -> {
                try (Checkpoint checkpoint = Checkpoint.open(file)) {
                    readAll(checkpoint.weights());
                }
            });
        }
        byte[] worded = worded().bytes();
        fuzz(files / 3, file, dataOffset(file, worded), worded, () -> {
            try (HfTokenizer tokenizer = GgufTokenizer.of(GgufHeader.read(file).metadata())) {
                assertThat(tokenizer.vocabularySize()).isPositive();
            }
        });
        byte[] blocks;
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream("/checkpoint/blocks.gguf"))) {
            blocks = in.readAllBytes();
        }
        fuzz(files / 3, file, dataOffset(file, blocks), blocks, () -> {
            try (GgufFile read = GgufFile.open(file);
                    PointerScope scope = new PointerScope()) {
                for (GgufHeader.Info info : read.header().tensors().values()) {
                    TinyModels.floats(read.read(info, Dtype.F32));
                }
            }
        });
    }

    private static GgufBuilder llama() {
        ModelConfig config = TinyModels.config(Architecture.LLAMA);
        return TinyModels.gguf("llama", config, TinyModels.weights(config, 1));
    }

    /** With what the head of a small model lacks, first of all a tensor that is read to know the configuration. */
    private static GgufBuilder furnished() {
        return llama().floats("rope_freqs.weight", new float[] {1, 1}, 2)
                .string("llama.rope.scaling.type", "linear")
                .float32("llama.rope.scaling.factor", 1)
                .uint32("llama.rope.dimension_count", 4)
                .uint32("llama.attention.value_length", 4)
                .uint32("llama.attention.sliding_window", 6)
                .uint32("llama.expert_count", 0)
                .uint32("split.count", 1)
                .uint32("general.alignment", 32)
                .uint32("general.file_type", 0)
                .uint32("tokenizer.ggml.eos_token_id", 2)
                .uint32("tokenizer.ggml.eot_token_id", 3);
    }

    /** A tokenizer, and a tensor for a file to have. */
    private static GgufBuilder worded() {
        return new GgufBuilder()
                .string("tokenizer.ggml.model", "gpt2")
                .string("tokenizer.ggml.pre", "gpt-2")
                .strings("tokenizer.ggml.tokens", List.of("a", "b", "ab", "<s>", "</s>"))
                .strings("tokenizer.ggml.merges", List.of("a b"))
                .int32s("tokenizer.ggml.token_type", 1, 1, 1, 3, 3)
                .value("tokenizer.ggml.add_bos_token", GgufValue.BOOL, new byte[] {1})
                .value("tokenizer.ggml.add_space_prefix", GgufValue.BOOL, new byte[] {0})
                .uint32("tokenizer.ggml.bos_token_id", 3)
                .uint32("tokenizer.ggml.eos_token_id", 4)
                .floats("w", new float[8], 8);
    }

    private static int dataOffset(Path file, byte[] gguf) throws IOException {
        return (int) GgufHeader.read(Files.write(file, gguf)).tensors().values().stream()
                .mapToLong(GgufHeader.Info::offset)
                .min()
                .orElseThrow();
    }

    private static void readAll(WeightSource weights) {
        weights.names().forEach(name -> TinyModels.read(weights, name, Dtype.F32));
    }

    private static void fuzz(int files, Path file, int headerEnd, byte[] valid, Runnable read) throws IOException {
        Files.write(file, valid);
        read.run();
        long pointers = Pointer.totalCount();
        int refused = 0;
        for (int i = 0; i < files; i++) {
            Files.write(file, damaged(valid, headerEnd, new Random(SEED + i)));
            try {
                read.run();
            } catch (BadInputException e) {
                assertThat(e).hasMessageContaining(file.resolveSibling("").toString());
                refused++;
            } catch (RuntimeException | Error e) {
                throw new AssertionError("file " + i + " of seed " + SEED + " on " + file.getFileName(), e);
            }
        }
        assertThat(refused).as("refused files").isBetween(files / 4, files - files / 100);
        assertThat(Pointer.totalCount()).as("native objects alive").isEqualTo(pointers);
    }

    private static byte[] damaged(byte[] valid, int headerEnd, Random random) {
        byte[] file = valid.clone();
        int at = random.nextInt(random.nextInt(4) == 0 ? file.length : headerEnd);
        switch (random.nextInt(7)) {
            case 0 -> {
                for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                    file[random.nextInt(headerEnd)] ^= (byte) (1 << random.nextInt(8));
                }
            }
            case 1 -> file[at] = (byte) random.nextInt(256);
            case 2 ->
                ByteBuffer.wrap(file)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(Math.min(at, file.length - 8), extreme(random));
            case 3 ->
                ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(Math.min(at, file.length - 4), (int)
                        extreme(random));
            case 4 -> file = Arrays.copyOf(file, at);
            case 5 -> file = spliced(file, at, bytes(random, 1 + random.nextInt(16)), 0);
            default -> file = spliced(file, at, digits(file, at, random), 1);
        }
        return file;
    }

    private static long extreme(Random random) {
        return EXTREMES[random.nextInt(EXTREMES.length)];
    }

    private static byte[] bytes(Random random, int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    /** For the numbers of a JSON header: another extreme in place of a digit; elsewhere nothing in place of a byte. */
    private static byte[] digits(byte[] file, int at, Random random) {
        boolean digit = file[at] >= '0' && file[at] <= '9';
        return digit ? Long.toString(extreme(random)).getBytes(StandardCharsets.US_ASCII) : new byte[0];
    }

    /** The file with {@code inserted} in place of {@code removed} bytes. */
    private static byte[] spliced(byte[] file, int at, byte[] inserted, int removed) {
        byte[] spliced = new byte[file.length + inserted.length - removed];
        System.arraycopy(file, 0, spliced, 0, at);
        System.arraycopy(inserted, 0, spliced, at, inserted.length);
        System.arraycopy(file, at + removed, spliced, at + inserted.length, file.length - at - removed);
        return spliced;
    }
}
