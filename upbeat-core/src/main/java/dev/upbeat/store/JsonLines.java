package dev.upbeat.store;

import dev.upbeat.io.BadInputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The lines of a UTF-8 text file, read strictly: LF or CRLF, a byte order mark at the start is skipped. */
final class JsonLines implements AutoCloseable {
    static final int LONGEST_LINE_BYTES = 64 << 20;
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final Path file;
    private final InputStream in;
    private final byte[] buffer = new byte[1 << 16];
    private int next;
    private int end;
    private long number;

    JsonLines(Path file) throws IOException {
        this.file = file;
        in = Files.newInputStream(file);
    }

    /** The number of the line that {@link #next()} returned last, from 1. */
    long number() {
        return number;
    }

    /** The next line without its end, null after the last. */
    @Nullable
    String next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        boolean started = false;
        number++;
        while (next < end || fill()) {
            started = true;
            int from = next;
            while (next < end && buffer[next] != '\n') {
                next++;
            }
            line.write(buffer, from, next - from);
            if (line.size() > LONGEST_LINE_BYTES) {
                throw new BadInputException(file + ", line " + number + ": longer than " + (LONGEST_LINE_BYTES >> 20)
                        + " MiB; expected JSON lines, one object a line");
            }
            if (next < end) {
                next++;
                break;
            }
        }
        return started ? decode(line.toByteArray()) : null;
    }

    private boolean fill() throws IOException {
        end = in.read(buffer);
        next = 0;
        return end > 0;
    }

    private String decode(byte[] line) {
        int from = number == 1 && startsWithMark(line) ? BYTE_ORDER_MARK.length : 0;
        int to = line.length > from && line[line.length - 1] == '\r' ? line.length - 1 : line.length;
        ByteBuffer bytes = ByteBuffer.wrap(line, from, to - from);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw new BadInputException(
                    file + ", line " + number + ": byte " + (bytes.position() + 1) + " of the line is not UTF-8 (0x"
                            + Integer.toHexString(line[bytes.position()] & 0xFF)
                            + "); expected JSON lines in UTF-8, not compressed, or Parquet",
                    e);
        }
    }

    private static boolean startsWithMark(byte[] line) {
        return line.length >= BYTE_ORDER_MARK.length
                && line[0] == BYTE_ORDER_MARK[0]
                && line[1] == BYTE_ORDER_MARK[1]
                && line[2] == BYTE_ORDER_MARK[2];
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
