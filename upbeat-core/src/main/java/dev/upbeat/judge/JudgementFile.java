package dev.upbeat.judge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.upbeat.io.AtomicFiles;
import dev.upbeat.io.BadInputException;
import dev.upbeat.io.Digests;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code judgements.jsonl}: judgements by request, {@code {"request": SHA-256, "steps": [0, 1]}}; steps is null if the
 * judge gave no usable answer. A resumed run finds its judgements here and repeats no request. Safe for use by several
 * threads.
 */
public final class JudgementFile implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path file;
    private final OutputStream out;
    private final Map<String, Judgement> judgements = new HashMap<>();

    /**
     * A judgement.
     *
     * @param steps a number per step; null if the judge gave no usable answer
     */
    record Judgement(double @Nullable [] steps) {}

    /**
     * Opens the file, or creates it. An incomplete last line, left by a process that was killed, is deleted.
     *
     * @throws BadInputException if a line is damaged
     */
    public JudgementFile(Path file) throws IOException {
        this.file = file;
        if (Files.exists(file)) {
            read();
        }
        // Not a FileChannel: an interrupt, as after another request's failure, would close it.
        out = Files.newOutputStream(
                file, StandardOpenOption.CREATE, StandardOpenOption.APPEND, LinkOption.NOFOLLOW_LINKS);
    }

    private void read() throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int start = 0;
        int number = 1;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                read(bytes, start, i - start, number++);
                start = i + 1;
            }
        }
        if (start < bytes.length) {
            byte[] kept = Arrays.copyOf(bytes, start);
            AtomicFiles.write(file, target -> target.write(kept));
        }
    }

    private void read(byte[] bytes, int from, int length, int number) throws IOException {
        try {
            JsonNode line = JSON.readTree(bytes, from, length);
            JsonNode steps = line.path("steps");
            if (line.path("request").isTextual() && (steps.isNull() || steps.isArray())) {
                judgements.put(
                        line.path("request").textValue(),
                        new Judgement(steps.isNull() ? null : JSON.convertValue(steps, double[].class)));
                return;
            }
        } catch (JsonProcessingException | IllegalArgumentException e) {
            // reported below
        }
        throw new BadInputException(
                file + ", line " + number + ": damaged; expected {\"request\": .., \"steps\": [..]}."
                        + " Delete the line: its judgement is asked for again");
    }

    /** The judgement of a request; null if the request is new. */
    synchronized @Nullable Judgement find(String request) {
        return judgements.get(Digests.sha256(request));
    }

    /** Adds a judgement, in one write. */
    synchronized void add(String request, double @Nullable [] steps) {
        String key = Digests.sha256(request);
        ObjectNode line = JSON.createObjectNode().put("request", key);
        line.set("steps", JSON.valueToTree(steps));
        try {
            out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(AtomicFiles.naming(file, e));
        }
        judgements.put(key, new Judgement(steps));
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
