package dev.upbeat.app.serve;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.upbeat.app.credit.RowCredit;
import dev.upbeat.store.HeadsFile;
import dev.upbeat.trace.Observation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;

/** Answers of observation and credit as JSON: a series is an array with one number per response token, null if undefined. */
final class AnswerJson {
    private AnswerJson() {}

    /** {@code {weights_version, groups, observations: [{id, <columns>}]}}. */
    static byte[] observations(Measuring.Result result, List<String> columns) {
        return write(result, "observations", (json, i) -> columns(json, result, i, columns));
    }

    /**
     * {@code {weights_version, groups, credits: [{id, gamma, <columns>}]}}; with several updates {@code phases}, the weights of
     * each, in place of gamma.
     */
    static byte[] credits(Measuring.Result result, List<RowCredit> credits, List<String> columns) {
        return write(result, "credits", (json, i) -> {
            RowCredit credit = credits.get(i);
            if (credit.updates().length > 1) {
                json.writeArrayFieldStart("phases");
                for (float[] update : credit.updates()) {
                    series(json, update);
                }
                json.writeEndArray();
            } else {
                json.writeFieldName("gamma");
                series(json, credit.gamma());
            }
            columns(json, result, i, columns);
        });
    }

    @FunctionalInterface
    private interface Row {
        void write(JsonGenerator json, int trace) throws IOException;
    }

    private static byte[] write(Measuring.Result result, String name, Row row) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JsonReading.mapper().createGenerator(bytes)) {
            json.writeStartObject();
            json.writeNumberField("weights_version", result.version());
            json.writeFieldName("groups");
            json.writeTree(HeadsFile.json(result.seen().groups()));
            json.writeArrayFieldStart(name);
            for (int i = 0; i < result.traces().size(); i++) {
                json.writeStartObject();
                json.writeStringField("id", result.traces().get(i).id());
                row.write(json, i);
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void columns(JsonGenerator json, Measuring.Result result, int trace, List<String> columns)
            throws IOException {
        Observation observation = result.seen().observations().get(trace);
        for (String column : columns) {
            json.writeFieldName(column);
            series(json, Objects.requireNonNull(observation.series(column), column));
        }
    }

    static void series(JsonGenerator json, float[] values) throws IOException {
        json.writeStartArray();
        for (float value : values) {
            if (Float.isNaN(value)) {
                json.writeNull();
            } else {
                json.writeNumber(value);
            }
        }
        json.writeEndArray();
    }
}
