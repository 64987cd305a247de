package dev.upbeat.store;

import dev.upbeat.credit.Couplings;
import dev.upbeat.linkage.Anchors;
import dev.upbeat.linkage.Peaks;
import dev.upbeat.trace.FlowEdges;
import dev.upbeat.trace.Links;
import dev.upbeat.trace.MeanMaps;
import dev.upbeat.trace.Observation;
import dev.upbeat.trace.Trace;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.AbstractList;
import java.util.List;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/** Fills an empty table {@code traces} ({@link TraceColumns}) row by row, NaN as NULL. Floats keep their bits. */
final class TraceAppender implements AutoCloseable {
    private final DuckDBAppender appender;
    private final List<String> further;

    /**
     * Creates the table; replaces an existing one.
     *
     * @param further names of the observations' further columns
     */
    TraceAppender(Connection connection, List<String> further) throws SQLException {
        this.further = further;
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE OR REPLACE TABLE traces (" + TraceColumns.definition(further) + ")");
        }
        appender = connection.unwrap(DuckDBConnection.class).createAppender("traces");
    }

    void add(RunRow row) throws SQLException {
        Trace trace = row.trace();
        Observation seen = row.seen();
        appender.beginRow().append(trace.id());
        appender.append(trace.promptIds()).append(trace.responseIds());
        appendTexts(trace.tokens());
        appendSeries(seen.logProbs());
        appendSeries(seen.entropyNats());
        appendSeries(seen.waad());
        appendSeries(seen.fai());
        appendSeries(seen.receiverFai());
        appender.append(trace.temperature());
        appendTexts(row.promptTokens());
        appendPositions(Peaks.of(seen.waad(), Peaks.DEFAULT_SHARE), seen.waad());
        appendPositions(Peaks.of(seen.fai(), Peaks.DEFAULT_SHARE), seen.fai());
        float[] strength = Anchors.strength(seen.fai());
        appendPositions(Peaks.of(strength, Peaks.DEFAULT_SHARE), strength);
        appendIntros(Couplings.of(seen.waad(), seen.fai()).intros(), trace.promptIds().length);
        appender.append(trace.reward());
        appendPlace(row.place());
        appendLinks(seen.links());
        appendEdges(seen.links() == null ? null : seen.links().flow());
        appendMap(seen.map());
        for (String name : further) {
            appendSeries(seen.columns().get(name));
        }
        appender.endRow().flush();
    }

    private void appendPlace(@Nullable TrainingPlace place) throws SQLException {
        if (place == null) {
            appender.appendNull().appendNull().appendNull().appendNull();
        } else {
            appender.append(place.step()).append(place.promptIndex()).append(place.sample());
            appender.append(Double.isNaN(place.advantage()) ? null : Double.valueOf(place.advantage()));
        }
    }

    private void appendTexts(@Nullable List<String> texts) throws SQLException {
        if (texts == null) {
            appender.appendNull();
        } else {
            appender.append(texts);
        }
    }

    private void appendSeries(float @Nullable [] series) throws SQLException {
        if (series == null) {
            appender.appendNull();
            return;
        }
        appender.append(series, undefined(series));
    }

    /** Appends whether each token is among the positions; NULL where the series is undefined. */
    private void appendPositions(int[] positions, float[] series) throws SQLException {
        boolean[] mask = new boolean[series.length];
        for (int position : positions) {
            mask[position] = true;
        }
        appender.append(mask, undefined(series));
    }

    /** Appends the intros as absolute positions, NULL for none. */
    private void appendIntros(int[] intros, int promptTokens) throws SQLException {
        int[] positions = new int[intros.length];
        boolean[] none = new boolean[intros.length];
        for (int t = 0; t < intros.length; t++) {
            none[t] = intros[t] == Couplings.NONE;
            positions[t] = promptTokens + intros[t];
        }
        appender.append(positions, none);
    }

    private static boolean[] undefined(float[] series) {
        boolean[] undefined = new boolean[series.length];
        for (int t = 0; t < series.length; t++) {
            undefined[t] = Float.isNaN(series[t]);
        }
        return undefined;
    }

    private void appendLinks(@Nullable Links links) throws SQLException {
        if (links == null) {
            appender.appendNull();
            return;
        }
        appender.beginStruct();
        appender.append(rows(links.globalPositions())).append(rows(links.globalWeights()));
        appender.append(rows(links.localPositions())).append(rows(links.localWeights()));
        appender.endStruct();
    }

    private void appendEdges(@Nullable FlowEdges edges) throws SQLException {
        if (edges == null) {
            appender.appendNull();
            return;
        }
        appender.beginStruct();
        appender.append(rows(edges.inPositions())).append(rows(edges.inFlows()));
        appender.append(rows(edges.outPositions())).append(rows(edges.outFlows()));
        appender.endStruct();
    }

    private void appendMap(@Nullable MeanMaps map) throws SQLException {
        if (map == null) {
            appender.appendNull();
            return;
        }
        appender.beginStruct().append(map.start()).append(map.end());
        appender.append(map.global()).append(map.local()).endStruct();
    }

    /** Views arrays as lists, because the appender takes nested lists only as collections. */
    private static List<List<Integer>> rows(int[][] values) {
        return view(values.length, t -> view(values[t].length, j -> values[t][j]));
    }

    private static List<List<Float>> rows(float[][] values) {
        return view(values.length, t -> view(values[t].length, j -> values[t][j]));
    }

    private interface At<T> {
        T get(int index);
    }

    private static <T> List<T> view(int size, At<T> at) {
        return new AbstractList<>() {
            @Override
            public T get(int index) {
                return at.get(index);
            }

            @Override
            public int size() {
                return size;
            }
        };
    }

    @Override
    public void close() throws SQLException {
        appender.close();
    }
}
