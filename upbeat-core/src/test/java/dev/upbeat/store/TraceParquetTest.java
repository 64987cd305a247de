package dev.upbeat.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceParquetTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 1000, Integer.MAX_VALUE})
    void theSizeOfThePartsDoesNotMatter(int tokensAPart) throws IOException {
        Random random = new Random(1);
        List<RunRow> rows = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            rows.add(Samples.row("t" + i, 1 + random.nextInt(60), random));
        }
        Path file = directory.resolve("it's.parquet");

        try (TraceParquet parquet = new TraceParquet(file, tokensAPart, List.of())) {
            for (RunRow row : rows) {
                parquet.add(row);
            }
            parquet.finish();
        }

        List<RunRow> read = new ArrayList<>();
        TraceReader.read(file, read::add);
        RunRows.assertSame(read, rows);
        assertThat(directory.toFile().list()).containsExactly("it's.parquet");
    }

    @Test
    void aColumnOfTheLastPartIsWritten() throws IOException {
        Random random = new Random(2);
        RunRow without = Samples.row("without", 5, random);
        RunRow with = new RunRow(
                Samples.row("with", 5, random).trace(), null, Samples.seen(5, random, Samples.links(5, random), null));
        Path file = directory.resolve("traces.parquet");

        try (TraceParquet parquet = new TraceParquet(file, 1, List.of())) {
            parquet.add(without);
            parquet.add(with);
            parquet.finish();
        }

        List<RunRow> read = new ArrayList<>();
        TraceReader.read(file, read::add);
        RunRows.assertSame(read, List.of(without, with));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, Integer.MAX_VALUE})
    void furtherColumnsComeBackUnderTheirNamesInTheirOrder(int tokensAPart) throws IOException {
        List<RunRow> rows = new ArrayList<>();
        for (String id : List.of("a", "b")) {
            Map<String, float[]> columns = new LinkedHashMap<>();
            columns.put("path_flow", new float[] {0.5f, Float.NaN, 0.25f});
            columns.put("my \"own\" gamma", new float[] {1, 2, id.equals("a") ? 3 : 4});
            rows.add(Samples.row(id, columns));
        }
        Path file = directory.resolve("traces.parquet");

        try (TraceParquet parquet = new TraceParquet(file, tokensAPart, List.of("path_flow", "my \"own\" gamma"))) {
            for (RunRow row : rows) {
                parquet.add(row);
            }
            parquet.finish();
        }

        List<RunRow> read = new ArrayList<>();
        TraceReader.read(file, read::add);
        RunRows.assertSame(read, rows);
        assertThat(read.get(0).seen().columns().keySet()).containsExactly("path_flow", "my \"own\" gamma");
    }

    @Test
    void aTraceWithOtherColumnsThanTheFirstIsRefused() throws IOException {
        RunRow row = Samples.row("late", Map.of("path_flow", new float[] {1}));
        try (TraceParquet parquet = new TraceParquet(directory.resolve("traces.parquet"), 100, List.of())) {
            assertThatThrownBy(() -> parquet.add(row))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("late")
                    .hasMessageContaining("path_flow");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fai", "FAI", "id", "reward", "map_window"})
    void aFurtherColumnCannotHaveTheNameOfAnother(String name) {
        assertThatThrownBy(() -> new TraceParquet(directory.resolve("traces.parquet"), 100, List.of(name)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cannot be called " + name);
    }
}
