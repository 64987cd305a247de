package dev.upbeat.app.serve;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.upbeat.app.credit.RowCredit;
import dev.upbeat.store.HeadsFile;
import dev.upbeat.trace.Observation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Answers in the safetensors format: {@code response_offsets} I64 [B + 1], and flat series F32, NaN where undefined: {@code
 * gamma} [U] for the U response tokens of all traces, or {@code phases} [updates, U], and the columns [U]. {@code
 * __metadata__} has the texts {@code weights_version}, {@code groups} and {@code ids}, the last two as JSON.
 */
final class AnswerSafetensors {
    private static final int FLOAT_BYTES = 4;
    private static final int LONG_BYTES = 8;

    private final Measuring.Result result;
    private final List<float[]> series = new ArrayList<>();
    private final ObjectNode header = JsonReading.mapper().createObjectNode();
    private final int tokens;
    private int end;

    private AnswerSafetensors(Measuring.Result result) {
        this.result = result;
        this.tokens = result.traces().stream()
                .mapToInt(trace -> trace.responseIds().length)
                .sum();
    }

    static byte[] observations(Measuring.Result result, List<String> columns) {
        return new AnswerSafetensors(result).write(new LinkedHashMap<>(), columns);
    }

    static byte[] credits(Measuring.Result result, List<RowCredit> credits, List<String> columns) {
        int updates = credits.get(0).updates().length;
        Map<String, List<float[]>> weights = new LinkedHashMap<>();
        if (updates > 1) {
            List<float[]> phases = new ArrayList<>();
            for (int u = 0; u < updates; u++) {
                int update = u;
                credits.forEach(credit -> phases.add(credit.updates()[update]));
            }
            weights.put("phases", phases);
        } else {
            weights.put("gamma", credits.stream().map(RowCredit::gamma).toList());
        }
        return new AnswerSafetensors(result).write(weights, columns);
    }

    private byte[] write(Map<String, List<float[]>> weights, List<String> columns) {
        ObjectNode metadata = header.putObject("__metadata__");
        metadata.put("weights_version", String.valueOf(result.version()));
        metadata.put("groups", HeadsFile.json(result.seen().groups()).toString());
        metadata.put(
                "ids",
                JsonReading.mapper()
                        .valueToTree(result.traces().stream()
                                .map(trace -> trace.id())
                                .toList())
                        .toString());
        int traces = result.traces().size();
        entry("response_offsets", "I64", LONG_BYTES * (traces + 1), traces + 1);
        weights.forEach(this::add);
        for (String column : columns) {
            List<float[]> values = new ArrayList<>();
            for (Observation observation : result.seen().observations()) {
                values.add(Objects.requireNonNull(observation.series(column), column));
            }
            add(column, values);
        }
        return bytes();
    }

    /** @param values flat, of one or several updates */
    private void add(String name, List<float[]> values) {
        int count = values.stream().mapToInt(each -> each.length).sum();
        if (name.equals("phases")) {
            entry(name, "F32", FLOAT_BYTES * count, count / tokens, tokens);
        } else {
            entry(name, "F32", FLOAT_BYTES * count, count);
        }
        series.addAll(values);
    }

    private void entry(String name, String dtype, int size, int... shape) {
        ObjectNode entry = header.putObject(name);
        entry.put("dtype", dtype);
        var dimensions = entry.putArray("shape");
        for (int dimension : shape) {
            dimensions.add(dimension);
        }
        entry.putArray("data_offsets").add(end).add(end + size);
        end += size;
    }

    private byte[] bytes() {
        byte[] text = header.toString().getBytes(StandardCharsets.UTF_8);
        int padded = (text.length + LONG_BYTES - 1) / LONG_BYTES * LONG_BYTES;
        ByteBuffer bytes = ByteBuffer.allocate(LONG_BYTES + padded + end).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(padded).put(text);
        while (bytes.position() < LONG_BYTES + padded) {
            bytes.put((byte) ' ');
        }
        long offset = 0;
        bytes.putLong(offset);
        for (var trace : result.traces()) {
            offset += trace.responseIds().length;
            bytes.putLong(offset);
        }
        for (float[] values : series) {
            for (float value : values) {
                bytes.putFloat(value);
            }
        }
        return bytes.array();
    }
}
