package dev.upbeat.app.report;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.upbeat.app.report.ReportRow.PeakPositions;
import dev.upbeat.credit.Couplings;
import dev.upbeat.trace.FlowEdges;
import dev.upbeat.trace.HeadRhythm;
import dev.upbeat.trace.Links;
import dev.upbeat.trace.MeanMaps;
import dev.upbeat.trace.Observation;
import dev.upbeat.trace.Trace;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One trace of a page as JSON, read when it is opened; described in {@code web/data.js}. */
final class TraceJson {
    /** Column with the token weights of a training. */
    static final String GAMMA = "gamma";

    private TraceJson() {}

    static String trace(ReportRow row) throws IOException {
        Trace trace = row.trace();
        Observation seen = row.observation();
        StringWriter text = new StringWriter();
        try (JsonGenerator json = Json.generator(text)) {
            json.writeStartObject();
            Json.texts(json, "promptTokens", row.promptTokens());
            json.writeStringField("promptIds", Blocks.ints(trace.promptIds()));
            Json.texts(json, "tokens", trace.tokens());
            json.writeStringField("ids", Blocks.ints(trace.responseIds()));
            json.writeObjectFieldStart("series");
            json.writeStringField("waad", Blocks.floats(seen.waad()));
            json.writeStringField("fai", Blocks.floats(seen.fai()));
            if (seen.receiverFai() != null) {
                json.writeStringField("receiver", Blocks.floats(seen.receiverFai()));
            }
            json.writeStringField("entropy", Blocks.floats(seen.entropyNats()));
            json.writeStringField("logprob", Blocks.floats(seen.logProbs()));
            float[] gamma = seen.columns().get(GAMMA);
            if (gamma != null) {
                json.writeStringField(GAMMA, Blocks.floats(gamma));
            }
            float[] flow = seen.columns().get(Observation.FLOW);
            if (flow != null) {
                json.writeStringField("flow", Blocks.floats(flow));
            }
            json.writeEndObject();
            peaks(json, row.peaks(), trace.responseIds().length);
            json.writeStringField("introDistances", Blocks.bytes(introDistances(seen)));
            if (row.peaks().anchorStrength() != null) {
                json.writeStringField(
                        "anchorStrength", Blocks.floats(row.peaks().anchorStrength()));
            }
            if (seen.links() != null) {
                links(json, seen.links(), trace.length());
                if (seen.links().flow() != null && flow != null) {
                    flowEdges(json, seen.links().flow(), flow, trace.length());
                }
            }
            if (seen.map() != null) {
                map(json, seen.map());
            }
            json.writeEndObject();
        }
        return text.toString();
    }

    private static void peaks(JsonGenerator json, PeakPositions peaks, int responseTokens) throws IOException {
        Map<String, int[]> blocks = Map.of(
                "waad", peaks.waad(),
                "fai", peaks.anchors(),
                "faiPeak", peaks.fai(),
                "receiver", peaks.receiverFai(),
                "entropy", peaks.entropy());
        json.writeObjectFieldStart("peaks");
        for (Map.Entry<String, int[]> block : new TreeMap<>(blocks).entrySet()) {
            json.writeStringField(block.getKey(), Blocks.positions(new int[][] {block.getValue()}, responseTokens));
        }
        json.writeEndObject();
    }

    /**
     * Tokens from the intro of each locally dominated anchor of credit to that anchor, 0 for every other token, [T].
     */
    private static byte[] introDistances(Observation seen) {
        int[] intros = Couplings.of(seen.waad(), seen.fai()).intros();
        byte[] distances = new byte[intros.length]; // credit looks back a few tokens only
        for (int t = 0; t < intros.length; t++) {
            distances[t] = intros[t] == Couplings.NONE ? 0 : (byte) (t - intros[t]);
        }
        return distances;
    }

    /** The series of every single head. */
    static String heads(List<HeadRhythm> heads) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = Json.generator(text)) {
            json.writeStartObject();
            pictures(json, "waad", heads.stream().map(HeadRhythm::waad).toList());
            pictures(json, "fai", heads.stream().map(HeadRhythm::fai).toList());
            json.writeEndObject();
        }
        return text.toString();
    }

    private static void pictures(JsonGenerator json, String name, List<float[]> rows) throws IOException {
        float[] maxima = Blocks.maxima(rows);
        json.writeObjectFieldStart(name);
        json.writeStringField("maxima", Blocks.floats(maxima));
        json.writeStringField("steps", Blocks.pictures(rows, maxima));
        json.writeEndObject();
    }

    private static void links(JsonGenerator json, Links links, int sequenceLength) throws IOException {
        json.writeObjectFieldStart("links");
        json.writeNumberField("count", links.globalPositions()[0].length);
        json.writeObjectFieldStart("global");
        json.writeStringField("positions", Blocks.positions(links.globalPositions(), sequenceLength));
        json.writeStringField("weights", Blocks.weights(links.globalWeights()));
        json.writeEndObject();
        json.writeObjectFieldStart("local");
        json.writeStringField("positions", Blocks.positions(links.localPositions(), sequenceLength));
        json.writeStringField("weights", Blocks.weights(links.localWeights()));
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void flowEdges(JsonGenerator json, FlowEdges edges, float[] flow, int sequenceLength)
            throws IOException {
        json.writeObjectFieldStart("flowEdges");
        json.writeNumberField("count", edges.inPositions()[0].length);
        json.writeObjectFieldStart("into");
        json.writeStringField("positions", Blocks.positions(edges.inPositions(), sequenceLength));
        json.writeStringField("shares", Blocks.weights(shares(edges.inFlows(), flow)));
        json.writeEndObject();
        json.writeObjectFieldStart("out");
        json.writeStringField("positions", Blocks.positions(edges.outPositions(), sequenceLength));
        json.writeStringField("shares", Blocks.weights(shares(edges.outFlows(), flow)));
        json.writeEndObject();
        json.writeEndObject();
    }

    /** The flows of a token's edges as shares of the flow through it, which 16 bits hold whatever its size. */
    private static float[][] shares(float[][] flows, float[] through) {
        float[][] shares = new float[flows.length][];
        for (int t = 0; t < shares.length; t++) {
            shares[t] = new float[flows[t].length];
            for (int i = 0; i < shares[t].length && through[t] > 0; i++) {
                shares[t][i] = flows[t][i] / through[t];
            }
        }
        return shares;
    }

    private static void map(JsonGenerator json, MeanMaps map) throws IOException {
        int side = map.end() - map.start();
        json.writeObjectFieldStart("map");
        json.writeNumberField("start", map.start());
        json.writeNumberField("end", map.end());
        json.writeStringField("global", Blocks.triangle(map.global(), side));
        json.writeStringField("local", Blocks.triangle(map.local(), side));
        json.writeEndObject();
    }
}
