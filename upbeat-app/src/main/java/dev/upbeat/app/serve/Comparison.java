package dev.upbeat.app.serve;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.upbeat.app.report.ReportData;
import dev.upbeat.app.report.ReportDocument;
import dev.upbeat.stats.Bootstrap;
import dev.upbeat.stats.Interval;
import dev.upbeat.store.HeadsFile;
import dev.upbeat.store.TraceFile;
import dev.upbeat.trace.Observation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * The same traces measured with two checkpoints. The difference of a series is b - a, averaged over the tokens of a trace at
 * which both are defined, then over the traces, with a 95 % bootstrap interval over the traces.
 */
record Comparison(Measuring.Result a, Measuring.Result b) {
    /** {@code {groups, traces: [{id, a: {<series>}, b: {<series>}}], differences: {<series>: {mean, low, high, traces}}}}. */
    byte[] json(long seed) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JsonReading.mapper().createGenerator(bytes)) {
            json.writeStartObject();
            json.writeFieldName("groups");
            json.writeTree(HeadsFile.json(a.seen().groups()));
            json.writeArrayFieldStart("traces");
            for (int i = 0; i < a.traces().size(); i++) {
                json.writeStartObject();
                json.writeStringField("id", a.traces().get(i).id());
                series(json, "a", a.seen().observations().get(i));
                series(json, "b", b.seen().observations().get(i));
                json.writeEndObject();
            }
            json.writeEndArray();
            differences(json, seed);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /**
     * {@code {report, differences}}: the report that the page shows, with a run for each of the weights.
     *
     * @param names of the weights
     * @param host whose tokenizer gives the texts
     */
    byte[] report(long seed, List<String> names, ModelHost host) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JsonReading.mapper().createGenerator(bytes)) {
            json.writeStartObject();
            json.writeFieldName("report");
            json.writeRawValue(ReportDocument.of(new ReportData(
                    List.of(MeasuredReport.of(names.get(0), a, host), MeasuredReport.of(names.get(1), b, host)))));
            differences(json, seed);
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private void differences(JsonGenerator json, long seed) throws IOException {
        json.writeObjectFieldStart("differences");
        for (String name : TraceFile.SERIES) {
            difference(json, name, seed);
        }
        json.writeEndObject();
    }

    private static void series(JsonGenerator json, String side, Observation observation) throws IOException {
        json.writeObjectFieldStart(side);
        for (String name : TraceFile.SERIES) {
            json.writeFieldName(name);
            AnswerJson.series(json, Objects.requireNonNull(observation.series(name), name));
        }
        json.writeEndObject();
    }

    private void difference(JsonGenerator json, String name, long seed) throws IOException {
        double[] differences = IntStream.range(0, a.traces().size())
                .mapToDouble(i -> difference(
                        Objects.requireNonNull(a.seen().observations().get(i).series(name), name),
                        Objects.requireNonNull(b.seen().observations().get(i).series(name), name)))
                .filter(Double::isFinite)
                .toArray();
        json.writeObjectFieldStart(name);
        json.writeNumberField("traces", differences.length);
        if (differences.length > 0) {
            json.writeNumberField(
                    "mean",
                    IntStream.range(0, differences.length)
                            .mapToDouble(i -> differences[i])
                            .average()
                            .orElseThrow());
        }
        if (differences.length > 1) {
            Interval interval = Bootstrap.ofMean(differences, Bootstrap.RESAMPLES, new SplittableRandom(seed));
            json.writeNumberField("low", interval.low());
            json.writeNumberField("high", interval.high());
        }
        json.writeEndObject();
    }

    /** The mean of b - a over the tokens at which both are defined; NaN if there is none. */
    private static double difference(float[] a, float[] b) {
        return IntStream.range(0, a.length)
                .filter(t -> !Float.isNaN(a[t]) && !Float.isNaN(b[t]))
                .mapToDouble(t -> (double) b[t] - a[t])
                .average()
                .orElse(Double.NaN);
    }
}
