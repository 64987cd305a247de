package dev.upbeat.gguf;

import dev.upbeat.tensor.Dtype;
import dev.upbeat.tensor.MappedFile;
import dev.upbeat.tensor.Scoped;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The tensors of a GGUF file or of all parts of a split one, under ggml's names, memory-mapped. */
public final class GgufFile implements AutoCloseable {
    /**
     * Weights dequantised at a time. Operations below libtorch's grain size of 32,768 elements run on one thread and in
     * its cache. On a busy machine the barriers of many short parallel regions took 30 s for 135M weights; this takes
     * 1-3 s.
     */
    private static final long CHUNK_WEIGHTS = 1 << 14;

    private final Path path;
    private final GgufHeader header;
    private final List<MappedFile> parts = new ArrayList<>();

    private GgufFile(Path path, GgufHeader header) {
        this.path = path;
        this.header = header;
    }

    /**
     * Opens a whole file, or all parts of a split one.
     *
     * @param file the file, or any of its parts
     * @throws dev.upbeat.io.BadInputException if a file is damaged or of an unsupported version or tensor type, or a part is
     *     missing
     */
    public static GgufFile open(Path file) {
        GgufParts parts = GgufParts.of(file);
        GgufFile opened = new GgufFile(file, parts.header());
        try {
            parts.files().forEach(part -> opened.parts.add(MappedFile.open(part)));
            return opened;
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    /** The file given to {@link #open}. */
    public Path path() {
        return path;
    }

    /** The mapped files, in order. */
    public List<Path> files() {
        return parts.stream().map(MappedFile::file).toList();
    }

    /** Metadata of the first part, tensors of all. */
    public GgufHeader header() {
        return header;
    }

    /**
     * Reads a tensor in {@code dtype}: a read-only view of the mapped file if it is stored in that dtype, else a
     * converted copy. It belongs to the innermost open {@link org.bytedeco.javacpp.PointerScope}.
     */
    public Tensor read(GgufHeader.Info info, Dtype dtype) {
        return Scoped.call(() -> decode(info, rows(info), dtype));
    }

    /**
     * Reads a tensor as {@link #read} does, and restores Hugging Face's order of rows. Converters of llama-type models
     * store the two rows of q or k that rotate together as neighbours (0, 1); Hugging Face stores them half a head
     * apart (0, D/2).
     *
     * @param heads number of heads; twice this number divides the number of rows
     */
    public Tensor readRotaryHalves(GgufHeader.Info info, Dtype dtype, int heads) {
        return Scoped.call(() -> {
            Tensor rows = rows(info);
            Tensor halves =
                    rows.view(heads, -1, 2, rows.size(1)).transpose(1, 2).reshape(rows.size(0), rows.size(1));
            return decode(info, halves, dtype);
        });
    }

    /** The bytes of each row, [rows, row bytes] uint8; each block of a vector is a row. */
    private Tensor rows(GgufHeader.Info info) {
        long rows = info.shape().size() == 1 ? info.shape().get(0) / info.type().blockSize() : info.rows();
        return parts.get(info.part())
                .bytes(info.offset(), info.bytes(), info.type().alignment())
                .view(rows, info.bytes() / rows);
    }

    /** @param rows [rows, row bytes] uint8 contiguous */
    private static Tensor decode(GgufHeader.Info info, Tensor rows, Dtype dtype) {
        GgufType type = info.type();
        long[] shape = info.shape().stream().mapToLong(Long::longValue).toArray();
        return switch (type) {
            case F32 -> rows.view(ScalarType.Float).view(shape).to(dtype.scalarType());
            case F16 -> rows.view(ScalarType.Half).view(shape).to(dtype.scalarType());
            case BF16 -> rows.view(ScalarType.BFloat16).view(shape).to(dtype.scalarType());
            default ->
                dequantised(type, rows.view(-1, type.blockBytes()), dtype).view(shape);
        };
    }

    /** @return [n, block size] */
    private static Tensor dequantised(GgufType type, Tensor blocks, Dtype dtype) {
        long count = blocks.size(0);
        long step = CHUNK_WEIGHTS / type.blockSize();
        Tensor result = torch.empty(new long[] {count, type.blockSize()}, new TensorOptions(dtype.scalarType()), null);
        for (long begin = 0; begin < count; begin += step) {
            long offset = begin;
            long length = Math.min(step, count - begin);
            Scoped.run(() -> {
                Tensor chunk = result.narrow(0, offset, length);
                Tensor f32 =
                        dtype == Dtype.F32 ? chunk : torch.empty_like(chunk, new TensorOptions(ScalarType.Float), null);
                Dequantize.into(type, blocks.narrow(0, offset, length), f32);
                if (dtype != Dtype.F32) {
                    chunk.copy_(f32);
                }
            });
        }
        return result;
    }

    @Override
    public void close() {
        parts.forEach(MappedFile::close);
    }
}
