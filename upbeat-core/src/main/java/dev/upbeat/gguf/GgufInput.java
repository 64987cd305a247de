package dev.upbeat.gguf;

import dev.upbeat.io.BadInputException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads the header of a little-endian GGUF file. Every length is compared with the bytes that are left before memory is
 * allocated for it.
 */
final class GgufInput implements AutoCloseable {
    /** Limit of metadata and tensor infos together; the largest vocabularies take some 20 MB. */
    private static final long LONGEST_HEAD = 100_000_000;

    /**
     * Limit of the elements in all metadata arrays together; an element takes up to 50 bytes of memory. The largest
     * vocabularies need 2 million.
     */
    private static final int MOST_ELEMENTS = 10_000_000;

    private final Path file;
    private final long size;
    private final InputStream in;
    private long position;
    private long elements;

    GgufInput(Path file) throws IOException {
        this.file = file;
        this.size = Files.size(file);
        this.in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    }

    Path file() {
        return file;
    }

    long size() {
        return size;
    }

    /** Bytes read so far. */
    long position() {
        return position;
    }

    ByteBuffer bytes(int count, String what) throws IOException {
        if (count > left()) {
            throw bad("ends within " + what + ": " + count + " bytes needed at byte " + position + ", " + left()
                    + " left");
        }
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw bad("was truncated while it was read");
        }
        position += count;
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    int int32(String what) throws IOException {
        return bytes(Integer.BYTES, what).getInt();
    }

    long int64(String what) throws IOException {
        return bytes(Long.BYTES, what).getLong();
    }

    String string(String what) throws IOException {
        int length = count(1, "the length of " + what);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(bytes(length, what))
                    .toString();
        } catch (CharacterCodingException e) {
            throw bad("has bytes in " + what + " that are not UTF-8");
        }
    }

    /**
     * Reads an unsigned 64-bit count; rejects it if that many items of {@code bytesEach} bytes do not fit into the
     * bytes that are left.
     */
    int count(int bytesEach, String what) throws IOException {
        long claimed = int64(what);
        if (claimed < 0 || claimed > left() / bytesEach) {
            throw bad("has " + Long.toUnsignedString(claimed) + " as " + what + ", expected at most "
                    + left() / bytesEach + ", which fit into the remaining " + left() + " bytes of its header");
        }
        return (int) claimed;
    }

    /** Adds to the number of array elements and checks its limit, before memory is allocated. */
    void addElements(int count, String what) {
        elements += count;
        if (elements > MOST_ELEMENTS) {
            throw bad("has " + elements + " elements in arrays up to " + what + ", expected at most " + MOST_ELEMENTS
                    + " in all");
        }
    }

    BadInputException bad(String what) {
        return new BadInputException(file + " " + what + ": the file is damaged or truncated. Fetch it again.");
    }

    private long left() {
        return Math.min(size, LONGEST_HEAD) - position;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
