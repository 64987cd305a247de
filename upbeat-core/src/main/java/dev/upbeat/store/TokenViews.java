package dev.upbeat.store;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * SQL views that follow from the table {@code traces}: tokens, chunks, couplings and edges of the answer flow, as described in {@link RunSql}.
 */
final class TokenViews {
    private static final String CHUNKS = """
            WITH numbered AS (
                SELECT *, sum(waad_peak::INTEGER) OVER (PARTITION BY trace_id%1$s ORDER BY position) AS chunk
                FROM tokens)
            SELECT trace_id, min(position) AS start, max(position) + 1 AS "end", count(*)::INTEGER AS tokens,
                max(waad::DOUBLE) FILTER (waad_peak) - min(waad::DOUBLE) AS depth,
                string_agg(token, '' ORDER BY position) AS text%1$s
            FROM numbered GROUP BY trace_id, chunk%1$s ORDER BY trace_id%1$s, start""";

    private static final String COUPLINGS = """
            WITH changing AS (
                SELECT *, abs(waad - lead(waad) OVER (PARTITION BY trace_id%1$s ORDER BY position)) AS change FROM tokens)
            SELECT coupled.trace_id, coupled.intro, coupled.position AS anchor,
                introducing.change AS waad_change, coupled.fai%2$s
            FROM tokens AS coupled JOIN changing AS introducing
                ON introducing.trace_id = coupled.trace_id AND introducing.position = coupled.intro%3$s
            ORDER BY coupled.trace_id%2$s, coupled.position""";

    private static final String FLOW_EDGES = """
            WITH entering AS (
                SELECT id AS trace_id, len(prompt_ids) + unnest(range(len(response_ids))) AS target,
                    unnest(flow_edges.in_positions) AS sources, unnest(flow_edges.in_flows) AS flows%1$s FROM traces),
            leaving AS (
                SELECT id AS trace_id, len(prompt_ids) + unnest(range(len(response_ids))) AS source,
                    unnest(flow_edges.out_positions) AS targets, unnest(flow_edges.out_flows) AS flows%1$s FROM traces),
            kept AS (
                SELECT trace_id, unnest(sources) AS source, target::INTEGER AS target, unnest(flows) AS flow%1$s
                FROM entering
                UNION
                SELECT trace_id, source::INTEGER, unnest(targets), unnest(flows)%1$s FROM leaving)
            FROM kept WHERE source >= 0 AND target >= 0 ORDER BY trace_id%1$s, target, flow DESC, source""";

    private TokenViews() {}

    /**
     * Queries of the views by name, in the order in which they depend on each other. Files of earlier versions lack the
     * columns of chunks or couplings, and so these views.
     *
     * @param columns SQL types of the columns of {@code traces} by name
     */
    static Map<String, String> of(Map<String, String> columns) {
        boolean training = columns.containsKey("step");
        String step = training ? ", step" : "";
        Map<String, String> views = new LinkedHashMap<>();
        views.put("tokens", tokens(columns) + step + " FROM traces");
        if (columns.containsKey("waad_peak")) {
            views.put("chunks", CHUNKS.formatted(step));
        }
        if (columns.containsKey("intro")) {
            views.put(
                    "couplings",
                    COUPLINGS.formatted(
                            step,
                            training ? ", coupled.step" : "",
                            training ? " AND introducing.step = coupled.step" : ""));
        }
        if (columns.containsKey("flow_edges")) {
            views.put("flow_edges", FLOW_EDGES.formatted(step));
        }
        return views;
    }

    private static String tokens(Map<String, String> columns) {
        StringBuilder tokens = new StringBuilder("SELECT id AS trace_id,"
                + " (len(prompt_ids) + unnest(range(len(response_ids))))::INTEGER AS position,"
                + " unnest(response_ids) AS token_id, unnest(tokens) AS token");
        columns.forEach((name, type) -> {
            if (Duck.isSeries(type) || TraceColumns.PEAKS.contains(name)) {
                tokens.append(", unnest(%1$s) AS %1$s".formatted(Duck.identifier(name)));
            }
        });
        return tokens.toString();
    }
}
