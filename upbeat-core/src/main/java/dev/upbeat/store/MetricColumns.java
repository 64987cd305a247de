package dev.upbeat.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.upbeat.io.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code metrics.jsonl} by columns.
 *
 * @param steps ascending, [S]
 * @param series by name, in the order in which they first occur, each [S]; NaN for a step without a number of that name
 */
public record MetricColumns(long[] steps, Map<String, double[]> series) {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String STEP = "step";

    public MetricColumns {
        series = Collections.unmodifiableMap(new LinkedHashMap<>(series));
    }

    /**
     * Reads the file. A last line without its line end is still being written and is ignored.
     *
     * @throws BadInputException if a line is not an object with a step above that of the line before
     */
    static MetricColumns read(Path file) throws IOException {
        String text = Files.readString(file);
        List<String> lines =
                text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        long[] steps = new long[lines.size()];
        Map<String, double[]> series = new LinkedHashMap<>();
        for (int i = 0; i < steps.length; i++) {
            JsonNode line = parse(file, i, lines.get(i));
            steps[i] = line.path(STEP).asLong();
            if (i > 0 && steps[i] <= steps[i - 1]) {
                throw wrong(file, i, "step " + steps[i] + " comes after step " + steps[i - 1]);
            }
            for (var value : line.properties()) {
                if (value.getValue().isNumber() && !value.getKey().equals(STEP)) {
                    series.computeIfAbsent(value.getKey(), name -> undefined(steps.length))[i] =
                            value.getValue().doubleValue();
                }
            }
        }
        return new MetricColumns(steps, series);
    }

    private static JsonNode parse(Path file, int index, String line) {
        try {
            JsonNode parsed = JSON.readTree(line);
            if (!parsed.path(STEP).isIntegralNumber()) {
                throw wrong(file, index, "it has no step");
            }
            return parsed;
        } catch (JsonProcessingException e) {
            throw wrong(file, index, "it is not JSON");
        }
    }

    private static BadInputException wrong(Path file, int index, String what) {
        return new BadInputException(file + ", line " + (index + 1) + ": " + what
                + "; expected one object a step, {\"step\": 1, ..}, the steps ascending");
    }

    private static double[] undefined(int length) {
        double[] values = new double[length];
        Arrays.fill(values, Double.NaN);
        return values;
    }
}
