package dev.upbeat.store;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The columns of {@code traces.parquet}, which has a row for each trace. T is the length of the response, m the number
 * of links per token.
 *
 * <ul>
 *   <li>{@code id}, {@code prompt_ids} [P], {@code response_ids} [T];
 *   <li>{@code tokens} [T], the text of each response token; NULL without a tokenizer;
 *   <li>{@code log_prob}, {@code entropy_nats} (nats), {@code waad} (tokens), {@code fai}, {@code receiver_fai}
 *       (attention weight), each 32-bit floats [T], with NULL for undefined elements; {@code receiver_fai} is NULL if
 *       receivers were off;
 *   <li>{@code temperature}, tau of log-probs and entropies;
 *   <li>{@code prompt_tokens} [P], the text of each prompt token; NULL without a tokenizer;
 *   <li>{@code waad_peak}, {@code fai_peak}, {@code anchor}, each [T]: whether the token is a peak of WAAD, a peak of FAI,
 *       an anchor ({@link dev.upbeat.linkage.Anchors}); NULL where undefined. They follow from the series; files of earlier
 *       versions lack them;
 *   <li>{@code intro} [T]: absolute position of the token that introduces a locally dominated anchor of coupled-rhythm
 *       ({@link dev.upbeat.credit.Couplings}); NULL for every other token. Files of earlier versions lack it;
 *   <li>{@code reward}, if any trace has one;
 *   <li>in training {@code step} (from 1; 0 before the first), {@code prompt_index}, {@code sample} (from 0) and {@code advantage};
 *   <li>{@code links}, on request: {@code global_positions}, {@code global_weights}, {@code local_positions},
 *       {@code local_weights}, each [T][m]: the strongest earlier tokens by absolute position, strongest first, filled up
 *       with position -1 and weight 0;
 *   <li>{@code flow_edges}, on request: {@code in_positions}, {@code in_flows}, {@code out_positions}, {@code out_flows},
 *       each [T][m]: the strongest edges of the answer flow ({@link dev.upbeat.trace.FlowEdges});
 *   <li>{@code map_window}, on request: {@code start}, {@code end} (absolute positions, half open) and the mean
 *       maps {@code global} and {@code local} of that window, row-major [(end - start)^2];
 *   <li>the observations' further columns by their own names, 32-bit floats [T], with NULL for undefined elements.
 * </ul>
 */
final class TraceColumns {
    /** Name and SQL type of the columns that are always there, in the order of the table. */
    static final Map<String, String> ALWAYS = always();

    /** Peaks and couplings of the series, written for other readers and never read back. */
    static final List<String> PEAKS = List.of("waad_peak", "fai_peak", "anchor", "intro");

    /** The columns of {@link TrainingPlace}. */
    static final List<String> TRAINING = List.of("step", "prompt_index", "sample", "advantage");

    private static final String ON_REQUEST = """
            reward DOUBLE,
            step BIGINT, prompt_index INTEGER, sample INTEGER, advantage DOUBLE,
            links STRUCT(global_positions INTEGER[][], global_weights FLOAT[][],
                         local_positions INTEGER[][], local_weights FLOAT[][]),
            flow_edges STRUCT(in_positions INTEGER[][], in_flows FLOAT[][],
                              out_positions INTEGER[][], out_flows FLOAT[][]),
            map_window STRUCT("start" INTEGER, "end" INTEGER, "global" FLOAT[], "local" FLOAT[])""";

    private TraceColumns() {}

    private static Map<String, String> always() {
        Map<String, String> types = new LinkedHashMap<>();
        types.put("id", "VARCHAR");
        types.put("prompt_ids", "INTEGER[]");
        types.put("response_ids", "INTEGER[]");
        types.put("tokens", "VARCHAR[]");
        TraceFile.SERIES.forEach(name -> types.put(name, "FLOAT[]"));
        types.put("temperature", "DOUBLE");
        types.put("prompt_tokens", "VARCHAR[]");
        return Collections.unmodifiableMap(types);
    }

    /**
     * Column definitions for CREATE TABLE, in the order in which {@link TraceAppender} appends.
     *
     * @param further names of the observations' further columns
     */
    static String definition(List<String> further) {
        return ALWAYS.entrySet().stream()
                        .map(column -> column.getKey() + " " + column.getValue() + ", ")
                        .collect(Collectors.joining())
                + "waad_peak BOOLEAN[], fai_peak BOOLEAN[], anchor BOOLEAN[], intro INTEGER[], "
                + ON_REQUEST
                + further.stream()
                        .map(name -> ", " + Duck.identifier(name) + " FLOAT[]")
                        .collect(Collectors.joining());
    }

    /** Whether a name is one of the table's own, which a further column cannot have; SQL ignores case. */
    static boolean isOwn(String name) {
        return Stream.of(ALWAYS.keySet(), PEAKS, TRAINING, List.of("reward", "links", "flow_edges", "map_window"))
                .flatMap(Collection::stream)
                .anyMatch(name::equalsIgnoreCase);
    }
}
