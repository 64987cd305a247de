package dev.upbeat.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
    void theSizeOfThePartsChangesNeitherRowsNorTheirOrder(int tokensAPart) throws IOException {
        Random random = new Random(1);
        List<RunRow> rows = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            rows.add(Samples.row("t" + i, 1 + random.nextInt(60), random));
        }
        Path file = directory.resolve("it's.parquet");

        try (TraceParquet parquet = new TraceParquet(file, tokensAPart)) {
            for (RunRow row : rows) {
                parquet.add(row.trace(), row.promptTokens(), row.seen());
            }
            parquet.finish();
        }

        List<RunRow> read = new ArrayList<>();
        TraceReader.read(file, read::add);
        RunRows.assertSame(read, rows);
        assertThat(directory.toFile().list()).containsExactly("it's.parquet");
    }

    @Test
    void aColumnIsThereWhereOnlyTheLastPartHasSomethingInIt() throws IOException {
        Random random = new Random(2);
        RunRow without = Samples.row("without", 5, random);
        RunRow with = new RunRow(
                Samples.row("with", 5, random).trace(), null, Samples.seen(5, random, Samples.links(5, random), null));
        Path file = directory.resolve("traces.parquet");

        try (TraceParquet parquet = new TraceParquet(file, 1)) {
            parquet.add(without.trace(), without.promptTokens(), without.seen());
            parquet.add(with.trace(), with.promptTokens(), with.seen());
            parquet.finish();
        }

        List<RunRow> read = new ArrayList<>();
        TraceReader.read(file, read::add);
        RunRows.assertSame(read, List.of(without, with));
    }
}
