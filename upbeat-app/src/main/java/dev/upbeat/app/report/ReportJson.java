package dev.upbeat.app.report;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.upbeat.linkage.LinkageHeadline;
import dev.upbeat.linkage.LinkageKind;
import dev.upbeat.linkage.LinkageResult;
import dev.upbeat.linkage.LinkageSettings;
import dev.upbeat.linkage.PeakOverlap;
import dev.upbeat.linkage.PeakTestResult;
import dev.upbeat.linkage.TokenScope;
import dev.upbeat.store.MetricColumns;
import dev.upbeat.store.TrainingPlace;
import dev.upbeat.trace.Head;
import dev.upbeat.trace.HeadGroups;
import dev.upbeat.trace.Observation;
import dev.upbeat.trace.Trace;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.IntBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The page's manifest as JSON: the part that the page reads at once, described in {@code web/data.js}. */
final class ReportJson {
    private static final int PREVIEW_CHARS = 160;

    private ReportJson() {}

    static String manifest(ReportData report) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = Json.generator(text)) {
            json.writeStartObject();
            json.writeArrayFieldStart("runs");
            for (RunReport run : report.runs()) {
                run(json, run);
            }
            json.writeEndArray();
            Prompts prompts = new Prompts();
            json.writeArrayFieldStart("traces");
            for (int run = 0; run < report.runs().size(); run++) {
                for (ReportRow row : report.runs().get(run).rows()) {
                    listed(json, run, prompts.number(row), row);
                }
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        return text.toString();
    }

    private static void run(JsonGenerator json, RunReport run) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", run.name());
        json.writeStringField("model", run.model());
        json.writeStringField("data", run.data());
        pairs(json, "settings", run.settings());
        pairs(json, "provenance", run.provenance());
        if (run.heads() != null) {
            heads(json, run.heads());
        }
        if (run.metrics() != null) {
            metrics(json, run.metrics());
        }
        json.writeArrayFieldStart("linkages");
        for (LinkageResult result : run.linkages()) {
            linkage(json, result);
        }
        json.writeEndArray();
        json.writeObjectFieldStart("headlines");
        for (LinkageKind kind : LinkageKind.values()) {
            List<LinkageResult> results = run.linkages().stream()
                    .filter(result -> result.kind() == kind)
                    .toList();
            if (!results.isEmpty()) {
                json.writeStringField(kind.name(), LinkageHeadline.of(results, LinkageSettings.DEFAULT));
            }
        }
        json.writeEndObject();
        json.writeArrayFieldStart("beat");
        for (String sentence : run.beat()) {
            json.writeString(sentence);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("overlaps");
        for (PeakOverlap overlap : run.overlaps()) {
            json.writeStartObject();
            json.writeStringField("first", overlap.first().label());
            json.writeStringField("second", overlap.second().label());
            json.writeNumberField("matched", overlap.same() + overlap.previous() + overlap.next());
            json.writeNumberField("peaks", overlap.peaks());
            Json.number(json, "chance", overlap.chance());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    /** Gives equal prompts the same number in all runs. */
    private static final class Prompts {
        private final Map<IntBuffer, Integer> numbers = new HashMap<>();

        int number(ReportRow row) {
            return numbers.computeIfAbsent(IntBuffer.wrap(row.trace().promptIds()), prompt -> numbers.size());
        }
    }

    private static void listed(JsonGenerator json, int run, int prompt, ReportRow row) throws IOException {
        Trace trace = row.trace();
        Observation seen = row.observation();
        json.writeStartObject();
        json.writeNumberField("run", run);
        json.writeNumberField("prompt", prompt);
        json.writeStringField("id", trace.id());
        json.writeNumberField("promptLength", trace.promptIds().length);
        json.writeNumberField("length", trace.responseIds().length);
        json.writeNumberField("temperature", trace.temperature());
        if (trace.reward() != null) {
            Json.number(json, "reward", trace.reward());
        }
        json.writeBooleanField("heads", !row.heads().isEmpty());
        if (row.place() != null) {
            place(json, row.place());
        }
        json.writeStringField("preview", preview(trace.tokens()));
        json.writeObjectFieldStart("sparks");
        json.writeStringField("waad", Blocks.bytes(Sparkline.of(seen.waad(), false)));
        json.writeStringField("fai", Blocks.bytes(Sparkline.of(seen.fai(), false)));
        if (seen.receiverFai() != null) {
            json.writeStringField("receiver", Blocks.bytes(Sparkline.of(seen.receiverFai(), false)));
        }
        json.writeStringField("entropy", Blocks.bytes(Sparkline.of(seen.entropyNats(), false)));
        json.writeStringField("logprob", Blocks.bytes(Sparkline.of(seen.logProbs(), true)));
        float[] gamma = seen.columns().get(TraceJson.GAMMA);
        if (gamma != null) {
            json.writeStringField("gamma", Blocks.bytes(Sparkline.of(gamma, false)));
        }
        float[] flow = seen.columns().get(Observation.FLOW);
        if (flow != null) {
            json.writeStringField("flow", Blocks.bytes(Sparkline.of(flow, false)));
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void place(JsonGenerator json, TrainingPlace place) throws IOException {
        json.writeNumberField("step", place.step());
        json.writeNumberField("promptIndex", place.promptIndex());
        json.writeNumberField("sample", place.sample());
        Json.number(json, "advantage", place.advantage());
    }

    private static void metrics(JsonGenerator json, MetricColumns metrics) throws IOException {
        json.writeObjectFieldStart("metrics");
        json.writeFieldName("steps");
        json.writeArray(metrics.steps(), 0, metrics.steps().length);
        json.writeObjectFieldStart("series");
        for (Map.Entry<String, double[]> series : metrics.series().entrySet()) {
            json.writeStringField(series.getKey(), Blocks.floats(narrowed(series.getValue())));
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    /** Precise enough for a picture; metrics.jsonl has every digit. */
    private static float[] narrowed(double[] values) {
        float[] narrow = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            narrow[i] = (float) values[i];
        }
        return narrow;
    }

    private static void heads(JsonGenerator json, HeadGroups heads) throws IOException {
        json.writeObjectFieldStart("heads");
        json.writeArrayFieldStart("layers");
        for (Map.Entry<Integer, float[]> layer : heads.spanTokens().entrySet()) {
            json.writeStartObject();
            json.writeNumberField("layer", layer.getKey());
            json.writeStringField("spans", Blocks.floats(layer.getValue()));
            json.writeEndObject();
        }
        json.writeEndArray();
        group(json, "local", heads.local());
        group(json, "global", heads.global());
        group(json, "receiver", heads.receiver());
        json.writeNumberField("rho", heads.settings().rho());
        json.writeNumberField("receiverRho", heads.settings().receiverRho());
        json.writeNumberField("window", heads.settings().window());
        json.writeStringField("weights", heads.settings().weights().toString());
        json.writeStringField("horizon", heads.settings().horizon().toString());
        json.writeEndObject();
    }

    private static void group(JsonGenerator json, String name, List<Head> group) throws IOException {
        json.writeArrayFieldStart(name);
        for (Head head : group) {
            json.writeArray(new int[] {head.layer(), head.head()}, 0, 2);
        }
        json.writeEndArray();
    }

    private static void linkage(JsonGenerator json, LinkageResult result) throws IOException {
        PeakTestResult test = result.test();
        json.writeStartObject();
        json.writeStringField("kind", result.kind().name());
        json.writeStringField("label", label(result.scope()));
        Json.number(json, "observed", test.observed());
        Json.number(json, "chance", test.chance());
        Json.number(json, "pooled", test.pooled());
        Json.number(json, "lift", test.lift());
        Json.number(
                json,
                "low",
                test.liftInterval() == null ? null : test.liftInterval().low());
        Json.number(
                json,
                "high",
                test.liftInterval() == null ? null : test.liftInterval().high());
        Json.number(json, "p", test.pValue());
        json.writeNumberField("peaks", test.peaks());
        json.writeNumberField("tokens", test.tokens());
        json.writeNumberField("responses", test.responses());
        json.writeBooleanField("narrow", test.intervalsTooNarrow());
        json.writeEndObject();
    }

    private static String label(TokenScope scope) {
        return switch (scope) {
            case ALL_TOKENS -> "all tokens";
            case WITHOUT_PUNCTUATION -> "without punctuation";
            case WITHOUT_TAIL -> "without the last 10";
            case WITHOUT_PUNCTUATION_AND_TAIL -> "without both";
        };
    }

    private static void pairs(JsonGenerator json, String name, Map<String, String> pairs) throws IOException {
        json.writeArrayFieldStart(name);
        for (Map.Entry<String, String> pair : pairs.entrySet()) {
            json.writeArray(new String[] {pair.getKey(), pair.getValue()}, 0, 2);
        }
        json.writeEndArray();
    }

    private static String preview(@Nullable List<String> tokens) {
        StringBuilder text = new StringBuilder();
        if (tokens != null) {
            for (int i = 0; i < tokens.size() && text.length() < PREVIEW_CHARS; i++) {
                text.append(tokens.get(i));
            }
        }
        return text.toString().strip();
    }
}
