package dev.upbeat.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code upbeat report} over one run and over several. */
class ReportCommandTest {
    @TempDir
    static Path shared;

    private static Path before;
    private static Path after;

    @TempDir
    Path directory;

    @BeforeAll
    static void measureTwoRuns() {
        Path model = TinyModel.write(shared.resolve("tiny"));
        Path traces = TinyModel.traces(shared.resolve("traces.jsonl"), 3, 4, 20);
        before = shared.resolve("before/run");
        after = shared.resolve("after/run");
        Cli.upbeat("analyze", model, "--traces", traces, "--out", before).done();
        Cli.upbeat("analyze", model, "--traces", traces, "--limit", "2", "--window", "5", "--out", after)
                .done();
    }

    @Test
    void severalRunsGoIntoThePageOfTheFirst() throws IOException {
        byte[] untouched = Files.readAllBytes(after.resolve("report.html"));
        Cli run = Cli.upbeat("report", before, after).done();
        assertThat(run.out()).isEqualToIgnoringNewLines("report: " + before.resolve("report.html"));
        JsonNode manifest = manifest(before.resolve("report.html"));
        assertThat(manifest.get("runs"))
                .extracting(each -> each.get("name").textValue())
                .containsExactly("before/run", "after/run"); // both directories are called run
        assertThat(manifest.get("traces"))
                .extracting(each -> each.get("run") + " " + each.get("id").textValue())
                .containsExactly("0 t0", "0 t1", "0 t2", "1 t0", "1 t1");
        assertThat(manifest.get("traces").get(0).get("prompt"))
                .isEqualTo(manifest.get("traces").get(3).get("prompt"));
        assertThat(after.resolve("report.html")).hasBinaryContent(untouched);
        Cli.upbeat("report", before).done();
        assertThat(manifest(before.resolve("report.html")).get("runs")).hasSize(1);
    }

    @Test
    void anotherPlaceLeavesTheRunsAsTheyAre() throws IOException {
        byte[] untouched = Files.readAllBytes(before.resolve("report.html"));
        Path page = directory.resolve("both.html");
        assertThat(Cli.upbeat("report", before, after, "--out", page).done().out())
                .isEqualToIgnoringNewLines("report: " + page);
        assertThat(manifest(page).get("runs")).hasSize(2);
        assertThat(before.resolve("report.html")).hasBinaryContent(untouched);
        assertThat(Cli.names(directory)).containsExactly("both.html");
    }

    @Test
    void aForeignDirectoryIsRefusedBeforeWriting() {
        Cli.upbeat("report", before, directory, "--out", directory.resolve("x.html"))
                .refused(directory.toString(), "has no traces.parquet", "the directory of a finished run");
        Cli.upbeat("report", before, directory.resolve("none")).refused("none: no such directory");
        Cli.upbeat("report", "", "--out", directory.resolve("x.html")).refused("the directory's name is empty");
        assertThat(Cli.names(directory)).isEmpty();
    }

    @Test
    void aRunGivenTwiceIsRefusedHoweverItIsSpelt() {
        Cli.upbeat("report", before, before.resolve("../run")).refused("is given twice", "Name each directory once");
    }

    @Test
    void aPlaceThatCannotBeWrittenIsRefused() throws IOException {
        Cli.upbeat("report", before, "--out", directory).refused("is not a file name", "such as compare.html");
        Cli.upbeat("report", before, "--out", directory.resolve("no/such.html"))
                .refused("there is no directory " + directory.resolve("no"));
    }

    @Test
    void onlyReportsAreReplaced() throws IOException {
        Path notes = Files.writeString(directory.resolve("notes.md"), "mine");
        Cli.upbeat("report", before, "--out", notes).refused("notes.md: exists and is not a report");
        assertThat(notes).hasContent("mine");
    }

    @Test
    void moreThanEightRunsAreRejected() {
        List<Object> many = IntStream.range(0, 9)
                .mapToObj(i -> (Object) directory.resolve("run" + i))
                .toList();
        Cli.upbeat(Stream.concat(Stream.of("report"), many.stream()).toArray())
                .refused("9 directories given", "at most 8");
    }

    @Test
    void noDirectoryAtAllIsRefused() {
        Cli.upbeat("report").refused("Missing required parameter", "DIR");
    }

    private static JsonNode manifest(Path page) throws IOException {
        String text = Files.readString(page);
        String start = "id=\"manifest\">";
        int from = text.indexOf(start) + start.length();
        return new ObjectMapper().readTree(text.substring(from, text.indexOf("</script>", from)));
    }
}
