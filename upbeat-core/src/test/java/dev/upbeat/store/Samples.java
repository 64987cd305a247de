package dev.upbeat.store;

import dev.upbeat.trace.AttentionWeights;
import dev.upbeat.trace.FlowEdges;
import dev.upbeat.trace.GroupWeight;
import dev.upbeat.trace.Head;
import dev.upbeat.trace.HeadGroups;
import dev.upbeat.trace.Horizon;
import dev.upbeat.trace.Links;
import dev.upbeat.trace.MeanMaps;
import dev.upbeat.trace.Observation;
import dev.upbeat.trace.RhythmSettings;
import dev.upbeat.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Runs of made-up numbers. */
final class Samples {
    private static final float[] EXTREMES = {
        -0f, Float.MIN_VALUE, Float.MIN_NORMAL, Float.MAX_VALUE, 0.1f, 1 / 3f, -1e-30f, 16_777_216f
    };

    private Samples() {}

    static HeadGroups heads() {
        TreeMap<Integer, float[]> spans = new TreeMap<>();
        spans.put(2, new float[] {0.1f, 20.5f, 3});
        spans.put(10, new float[] {1 / 3f, 7, 1e-7f});
        return new HeadGroups(
                List.of(2, 10),
                spans,
                List.of(new Head(2, 0), new Head(10, 2)),
                List.of(new Head(2, 1), new Head(10, 1)),
                List.of(new Head(2, 1)),
                new RhythmSettings(
                        0.3,
                        0.2,
                        GroupWeight.RESPONSE,
                        10,
                        new Horizon(1, Horizon.END),
                        3,
                        AttentionWeights.VALUE_NORM));
    }

    static Provenance provenance() {
        return Provenance.ofThisMachine(
                new FileHash("model.gguf", "a".repeat(64)),
                null,
                Map.of("rho", 0.3),
                7,
                "2.10.0",
                2,
                "products f32",
                List.of());
    }

    static Provenance provenanceAt(String createdAt) {
        Provenance now = provenance();
        return new Provenance(
                now.model(),
                now.data(),
                now.config(),
                now.seed(),
                now.commit(),
                now.upbeat(),
                now.jdk(),
                now.os(),
                now.libtorch(),
                now.cpu(),
                now.threads(),
                now.kernels(),
                createdAt,
                now.stopTokens());
    }

    static Path write(Path target, List<RunRow> rows) throws IOException {
        try (RunWriter run = RunWriter.create(target, false)) {
            run.config(config());
            run.provenance(provenance());
            run.heads(heads());
            for (RunRow row : rows) {
                run.add(row.trace(), row.promptTokens(), row.seen());
            }
            return run.finish();
        }
    }

    static Map<String, Object> config() {
        return Map.of("layers", "all", "horizon", "10:30", "rho", 0.3, "receivers", true, "seed", 0);
    }

    /** P = 3. Every series has undefined values and the floats that are hardest to keep. */
    static RunRow row(String id, int length, Random random) {
        int[] ids = random.ints(length, 0, 150_000).toArray();
        List<String> tokens = new ArrayList<>();
        for (int token : ids) {
            tokens.add(token % 5 == 0 ? "\n" : token % 7 == 0 ? "é\"\u0000🎉" : " t" + token);
        }
        Trace trace = new Trace(id, new int[] {1, 2, 3}, ids, tokens, 0.7, null);
        return new RunRow(trace, List.of("<s>", " a", " b"), seen(length, random, null, null));
    }

    /** A trace whose observation has nothing but these columns in it. */
    static RunRow row(String id, Map<String, float[]> columns) {
        int length = columns.values().iterator().next().length;
        float[] zeros = new float[length];
        Trace trace = new Trace(id, new int[] {1}, new int[length], null, 1, null);
        return new RunRow(trace, null, new Observation(zeros, zeros, zeros, zeros, null, null, null, columns));
    }

    static Observation seen(int length, Random random, @Nullable Links links, @Nullable MeanMaps map) {
        return new Observation(
                series(length, random),
                series(length, random),
                series(length, random),
                series(length, random),
                series(length, random),
                links,
                map);
    }

    private static float[] series(int length, Random random) {
        float[] series = new float[length];
        for (int t = 0; t < length; t++) {
            int kind = random.nextInt(20);
            series[t] = kind == 0 ? Float.NaN : kind <= EXTREMES.length ? EXTREMES[kind - 1] : random.nextFloat() * 10;
        }
        return series;
    }

    /** m = 2, as the first response tokens of a prompt of one token have them; edges of the flow too. */
    static Links links(int length, Random random) {
        int[][][] positions = new int[4][length][2];
        float[][][] weights = new float[4][length][2];
        for (int group = 0; group < 4; group++) {
            for (int t = 0; t < length; t++) {
                positions[group][t] = new int[] {random.nextInt(t + 1), t == 0 ? -1 : random.nextInt(t + 1)};
                weights[group][t] = new float[] {random.nextFloat(), t == 0 ? 0 : random.nextFloat()};
            }
        }
        return new Links(
                positions[0],
                weights[0],
                positions[1],
                weights[1],
                new FlowEdges(positions[2], weights[2], positions[3], weights[3]));
    }
}
