package dev.upbeat.store;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.upbeat.io.AtomicFiles;
import dev.upbeat.io.BadInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A file of JSON lines, each with a {@code step}. It grows during a training and can be cut back to a step. */
public final class MetricsFile implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Path file;
    private final boolean lineAStep;
    private @Nullable FileChannel channel;

    /** @param lineAStep whether each step has exactly one line */
    MetricsFile(Path file, boolean lineAStep) {
        this.file = file;
        this.lineAStep = lineAStep;
    }

    /**
     * Adds a line, in one write. A number that is NaN becomes null.
     *
     * @param values must have {@code step}
     */
    public void append(Map<String, ?> values) throws IOException {
        if (!values.containsKey("step")) {
            throw new IllegalArgumentException("a line of " + file.getFileName() + " without a step: " + values);
        }
        write(line(values));
    }

    /** The line of the values, with its end. */
    static String line(Map<String, ?> values) throws IOException {
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        values.forEach((name, value) -> line.put(name, isNumber(value) ? value : null));
        return JSON.writeValueAsString(line) + "\n";
    }

    /** Adds rows of an evaluation, in one write. */
    public void append(List<EvalRow> rows) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (EvalRow row : rows) {
            lines.append(EvalWriter.line(row));
        }
        write(lines.toString());
    }

    private void write(String lines) throws IOException {
        byte[] bytes = lines.getBytes(StandardCharsets.UTF_8);
        try {
            if (channel == null) {
                channel = FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.APPEND,
                        LinkOption.NOFOLLOW_LINKS);
            }
            for (ByteBuffer buffer = ByteBuffer.wrap(bytes); buffer.hasRemaining(); ) {
                channel.write(buffer);
            }
        } catch (IOException e) {
            throw AtomicFiles.naming(file, e);
        }
    }

    private static boolean isNumber(@Nullable Object value) {
        return !(value instanceof Double number) || Double.isFinite(number);
    }

    /** Forces the added lines to disk. */
    public void force() throws IOException {
        if (channel != null) {
            try {
                channel.force(true);
            } catch (IOException e) { // some file systems find out only now that they are full
                throw AtomicFiles.naming(file, e);
            }
        }
    }

    /** The lines so far, as JSON. */
    public List<JsonNode> read() throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        if (Files.exists(file)) {
            for (String line : Files.readString(file).lines().toList()) {
                lines.add(JSON.readTree(line));
            }
        }
        return lines;
    }

    /**
     * Rejects a file with missing or damaged lines up to a checkpoint, because resuming writes only the later lines
     * again.
     *
     * @param step of the checkpoint; -1 for none
     * @throws BadInputException naming the first line that is damaged
     */
    void requireUpTo(long step) throws IOException {
        end(step);
    }

    /** Deletes the lines of later steps, and an incomplete last line. */
    void cutBack(long step) throws IOException {
        int end = end(step);
        if (Files.exists(file) && end < Files.size(file)) {
            byte[] kept = Arrays.copyOf(Files.readAllBytes(file), end);
            AtomicFiles.write(file, out -> out.write(kept));
        }
    }

    /** End of the lines up to a step, as an offset in bytes. */
    private int end(long step) throws IOException {
        byte[] bytes = step >= 0 && Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
        int start = 0;
        long last = -1;
        for (int i = 0, number = 1; i < bytes.length; i++) {
            if (bytes[i] != '\n') {
                continue;
            }
            long next = step(bytes, start, i);
            boolean follows = lineAStep ? next == last + 1 || (last < 0 && next == 1) : next >= last;
            if (next < 0 || (next <= step && !follows)) {
                throw new BadInputException(file + ", line " + number + ": damaged, "
                        + (next < 0
                                ? "it is not a JSON object with a step"
                                : "step " + next + " does not follow step " + last)
                        + ". Only the lines after checkpoint-" + step
                        + " can be written again: restore the file from a copy, or start a new run (out=DIR)");
            }
            if (next > step) {
                break;
            }
            last = next;
            start = i + 1;
            number++;
            if (lineAStep && last == step) {
                break;
            }
        }
        if (lineAStep && step >= 0 && last != step) {
            throw new BadInputException(file + ": has no line of step " + step + ", the step of checkpoint-" + step
                    + "; restore the file from a copy, or start a new run (out=DIR)");
        }
        return start;
    }

    /** The step of a line; -2 if the line is damaged. */
    private static long step(byte[] bytes, int from, int to) {
        try {
            JsonNode step = JSON.readTree(bytes, from, to - from).path("step");
            return step.canConvertToLong() && step.isIntegralNumber() && step.asLong() >= 0 ? step.asLong() : -2;
        } catch (IOException e) { // not JSON, or not UTF-8
            return -2;
        }
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
            channel = null;
        }
    }
}
