package dev.upbeat.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.upbeat.io.AtomicFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A file of JSON lines with a {@code step} each, that grows while a training runs and can be cut back to a step. */
public final class MetricsFile implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path file;
    private @Nullable FileChannel channel;

    MetricsFile(Path file) {
        this.file = file;
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
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        values.forEach((name, value) -> line.put(name, isNumber(value) ? value : null));
        write(JSON.writeValueAsString(line) + "\n");
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
                        file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
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

    /** Forces to disk what was added. */
    public void force() throws IOException {
        if (channel != null) {
            channel.force(true);
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

    /** Deletes the lines of later steps, and a last line that was not written to its end. */
    void cutBack(long step) throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        String text = Files.readString(file);
        StringBuilder kept = new StringBuilder();
        for (String line : text.lines().toList()) {
            if (isUpTo(line, step)) {
                kept.append(line).append('\n');
            }
        }
        if (!kept.toString().equals(text)) {
            AtomicFiles.writeString(file, kept.toString());
        }
    }

    private static boolean isUpTo(String line, long step) {
        try {
            return JSON.readTree(line).path("step").asLong(Long.MAX_VALUE) <= step;
        } catch (JsonProcessingException e) {
            return false;
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
