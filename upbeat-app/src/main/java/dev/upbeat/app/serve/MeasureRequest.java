package dev.upbeat.app.serve;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.upbeat.io.BadInputException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request that measures traces, as it was sent: traces, and the other fields as JSON.
 *
 * @param traces in the order of the request, at least one
 * @param fields the other fields by name
 */
record MeasureRequest(List<TraceRow> traces, Map<String, JsonNode> fields) {
    static final String TRACES = "traces";

    /** Fields that observation reads besides the traces. */
    static final List<String> OBSERVE = List.of("rhythm", "groups", "columns", "report");

    /** Fields that credit reads besides the traces. */
    static final List<String> CREDIT = List.of("strategy", "options", "rhythm", "groups", "columns", "seed", "step");

    /** Fields that saving reads besides the traces. */
    static final List<String> SAVE = List.of("run", "rhythm", "groups");

    /** Fields that a comparison reads besides the traces. */
    static final List<String> COMPARE = List.of("weights", "rhythm", "seed", "report");

    private static final long LARGEST_STEP = 1L << 53; // as in files of traces

    /**
     * A trace of a request. Ids are not checked against the model's vocabulary yet.
     *
     * @param temperature tau the response was sampled at, positive
     * @param advantage of the response; null if the request has none
     */
    record TraceRow(
            String id,
            int[] promptIds,
            int[] responseIds,
            double temperature,
            @Nullable Double advantage) {
        int tokens() {
            return promptIds.length + responseIds.length;
        }
    }

    /**
     * Reads a JSON body.
     *
     * @param known names of the fields besides the traces
     * @param mostTokens most tokens of all traces
     * @throws BadInputException if the body cannot be used, naming the field
     * @throws Refusal if there are more tokens
     */
    static MeasureRequest read(byte[] body, List<String> known, int mostTokens) {
        TraceReader traces = new TraceReader(mostTokens);
        Map<String, JsonNode> fields = new LinkedHashMap<>();
        JsonReading.object(body, parser -> readFields(parser, body, known, traces, fields));
        return new MeasureRequest(traces.rows(), fields);
    }

    private static void readFields(
            JsonParser parser, byte[] body, List<String> known, TraceReader traces, Map<String, JsonNode> fields)
            throws IOException {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            if (name.equals(TRACES)) {
                traces.read(parser);
            } else {
                JsonReading.requireKnown("the request", name, known);
                fields.put(name, JsonReading.subtree(parser, body, name));
            }
        }
    }

    int tokens() {
        return traces.stream().mapToInt(TraceRow::tokens).sum();
    }

    /** The field, or a missing node; null counts as absent. */
    JsonNode field(String name) {
        JsonNode value = fields.get(name);
        return value == null || value.isNull() ? MissingNode.getInstance() : value;
    }

    /** Whether the answer is in the form that the page shows. */
    boolean wantsReport() {
        JsonNode report = field("report");
        if (!report.isMissingNode() && !report.isBoolean()) {
            throw new BadInputException("report is " + JsonReading.shown(report) + "; expected true or false");
        }
        return report.asBoolean(false);
    }

    /** The seed of random numbers, 0 if absent. */
    long seed() {
        JsonNode seed = field("seed");
        if (seed.isMissingNode()) {
            return 0;
        }
        if (!seed.isIntegralNumber() || !seed.canConvertToLong()) {
            throw new BadInputException("seed is " + JsonReading.shown(seed) + "; expected a whole number of 64 bits");
        }
        return seed.longValue();
    }

    /** The number of the training step, 0 if absent, as in a file of traces. */
    long step() {
        JsonNode step = field("step");
        if (step.isMissingNode()) {
            return 0;
        }
        if (!step.isIntegralNumber()
                || !step.canConvertToLong()
                || step.longValue() < 0
                || step.longValue() > LARGEST_STEP) {
            throw new BadInputException(
                    "step is " + JsonReading.shown(step) + "; expected a whole number from 0 to " + LARGEST_STEP);
        }
        return step.longValue();
    }
}
