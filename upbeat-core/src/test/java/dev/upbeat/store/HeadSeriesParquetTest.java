package dev.upbeat.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.io.BadInputException;
import dev.upbeat.trace.Head;
import dev.upbeat.trace.HeadRhythm;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeadSeriesParquetTest {
    private static final List<HeadRhythm> OF_A = List.of(
            new HeadRhythm(new Head(2, 0), new float[] {0.1f, 1 / 3f}, new float[] {Float.MIN_VALUE, Float.NaN}),
            new HeadRhythm(new Head(10, 1), new float[] {10, 0}, new float[] {Float.NaN, Float.NaN}));

    @TempDir
    private Path directory;

    @Test
    void seriesAreReadBackBitForBit() throws IOException {
        RunDirectory run = write();
        List<HeadRhythm> back = run.headSeries("it's a");
        assertThat(back).extracting(HeadRhythm::head).containsExactly(new Head(2, 0), new Head(10, 1));
        for (int i = 0; i < back.size(); i++) {
            assertThat(back.get(i).waad()).isEqualTo(OF_A.get(i).waad());
            assertThat(back.get(i).fai()).isEqualTo(OF_A.get(i).fai());
        }
        assertThat(run.headSeries("b")).hasSize(1);
        assertThat(run.headSeries("none of it")).isEmpty();
    }

    @Test
    void aRunWithoutThemHasNone() throws IOException {
        Path run = Samples.write(directory.resolve("run"), List.of(Samples.row("a", 2, new Random(1))));
        assertThat(RunDirectory.open(run).headSeries("a")).isEmpty();
    }

    @Test
    void theyAreATable() throws IOException {
        StringWriter out = new StringWriter();
        try (RunSql sql = RunSql.open(write().path())) {
            sql.query("SELECT trace_id, layer, head, fai FROM head_series LIMIT 1", ResultText::writeJsonl, out);
        }
        assertThat(out.toString())
                .startsWith("{\"trace_id\":\"it's a\",\"layer\":2,\"head\":0,\"fai\":[1")
                .endsWith(",null]}\n");
    }

    @Test
    void aFileOfSomethingElseIsRefused() throws IOException {
        RunDirectory run = write();
        Files.copy(
                run.path().resolve(RunFiles.TRACES),
                run.path().resolve(RunFiles.HEAD_SERIES),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThatThrownBy(() -> run.headSeries("b"))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("head_series.parquet: cannot be read as a run's head series");
    }

    private RunDirectory write() throws IOException {
        Map<String, List<HeadRhythm>> traces = new LinkedHashMap<>();
        traces.put("it's a", OF_A);
        traces.put("b", List.of(new HeadRhythm(new Head(2, 0), new float[] {1}, new float[] {1})));
        try (RunWriter run = RunWriter.create(directory.resolve("run"), false)) {
            run.config(Samples.config());
            run.provenance(Samples.provenance());
            run.heads(Samples.heads());
            run.headSeries(traces);
            RunRow row = Samples.row("it's a", 2, new Random(1));
            run.add(row.trace(), row.promptTokens(), row.seen());
            return RunDirectory.open(run.finish());
        }
    }
}
