package dev.upbeat.tensor;

import dev.upbeat.io.BadInputException;
import dev.upbeat.io.InputFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A whole file as one uint8 tensor [size], memory-mapped privately. Pages are read on first access and there is no 2 GB
 * limit. The mapping ends when this object is closed and the last view is freed. If another process truncates the file
 * meanwhile, the JVM is killed (SIGBUS), as with every memory map; replacing the file by a rename is safe.
 */
public final class MappedFile implements AutoCloseable {
    private final Path file;
    private final long size;
    private final Tensor bytes;
    private boolean closed;

    private MappedFile(Path file, long size, Tensor bytes) {
        this.file = file;
        this.size = size;
        this.bytes = bytes;
    }

    public static MappedFile open(Path file) {
        try (PointerScope scope = new PointerScope()) {
            long size = Files.size(file);
            return new MappedFile(file, size, Scoped.keep(map(file, size)));
        } catch (IOException e) {
            throw InputFiles.unreadable(file, e);
        }
    }

    private static Tensor map(Path file, long size) {
        try {
            return torch.from_file(
                    file.toString(),
                    new BoolOptional(false),
                    new LongOptional(size),
                    new TensorOptions(ScalarType.Byte));
        } catch (RuntimeException e) {
            String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            throw new BadInputException(
                    file + " of " + size + " bytes cannot be mapped into memory (" + reason
                            + "). Linux maps files up to the size of the machine's memory: take a smaller model or a"
                            + " larger machine.",
                    e);
        }
    }

    public Path file() {
        return file;
    }

    /**
     * The {@code count} bytes from {@code offset} as a uint8 tensor [count]: a view if the offset is a multiple of
     * {@code alignment}, so that it can be viewed as elements of that size, else a copy.
     */
    public Tensor bytes(long offset, long count, int alignment) {
        if (closed) {
            throw new IllegalStateException(file + " is closed");
        }
        if (offset < 0 || count < 0 || offset > size - count) {
            throw new IndexOutOfBoundsException(count + " bytes from " + offset + " of " + size + " in " + file);
        }
        return Scoped.call(() -> {
            Tensor view = bytes.narrow(0, offset, count);
            return offset % alignment == 0 ? view : view.clone();
        });
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            bytes.close();
        }
    }
}
