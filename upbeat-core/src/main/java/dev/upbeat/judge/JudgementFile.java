package dev.upbeat.judge;

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
import java.util.stream.StreamSupport;
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

    private void read(byte[] bytes, int from, int length, int number) {
        try {
            JsonNode line = JSON.readTree(bytes, from, length);
            JsonNode steps = line.path("steps");
            if (line.path("request").isTextual() && (steps.isNull() || isJudgement(steps))) {
                judgements.put(
                        line.path("request").textValue(),
                        new Judgement(steps.isNull() ? null : JSON.convertValue(steps, double[].class)));
                return;
            }
        } catch (IOException e) {
            // not JSON: reported below
        }
        throw new BadInputException(
                file + ", line " + number + ": damaged; expected {\"request\": .., \"steps\": numbers from 0 to 1}."
                        + " Delete the line: its judgement is asked for again");
    }

    private static boolean isJudgement(JsonNode steps) {
        return steps.isArray()
                && StreamSupport.stream(steps.spliterator(), false)
                        .allMatch(step -> step.isNumber() && step.doubleValue() >= 0 && step.doubleValue() <= 1);
    }

    /**
     * The judgement of a request; null if the request is new.
     *
     * @param steps number of steps of the response
     * @throws BadInputException if the file's judgement has another number of steps
     */
    synchronized @Nullable Judgement find(String request, int steps) {
        String key = Digests.sha256(request);
        Judgement judgement = judgements.get(key);
        if (judgement != null && judgement.steps() != null && judgement.steps().length != steps) {
            throw new BadInputException(file + ": the judgement of request " + key + " has "
                    + judgement.steps().length + " steps; expected " + steps
                    + ", those of its response. Delete the line: its judgement is asked for again");
        }
        return judgement;
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
