package dev.upbeat.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StudyChoicesCommandTest {
    @TempDir
    private Path directory;

    private Path rows(String text) throws IOException {
        return Files.writeString(directory.resolve("rows.jsonl"), text);
    }

    /** One response, whose token 1 is an anchor and an intro: see ChoicesExperimentTest. */
    @Test
    void itLeavesAStudyWithEveryReading() throws IOException {
        Path rows = rows("{\"id\": \"a\", \"waad\": [7, 7, 1, 1, 1], \"fai\": [0, 8, 9, 0, 0]}\n");
        Path out = directory.resolve("s");
        Cli run = Cli.upbeat("study", "credit-choices", rows, "--out", out).done();
        assertThat(run.out()).contains("Of 5 tokens of 1 response", "overlap overwrite", "20.0 %", "report: " + out);
        assertThat(Cli.names(out)).containsExactly("figures", "report.html", "study.json", "study.md");
        JsonNode file = new ObjectMapper().readTree(out.resolve("study.json").toFile());
        assertThat(file.at("/result/readings")).hasSize(13);
        assertThat(file.at("/result/mean_gamma").doubleValue()).isEqualTo(1.2);
        Cli.upbeat("study", "credit-choices", rows, "--out", out).refused(out + "");
    }

    @Test
    void responsesWithoutDefinedFaiAreSaidToHaveNoAnchors() throws IOException {
        Path rows = rows("{\"id\": \"a\", \"waad\": [7, 7], \"fai\": [null, null]}\n");
        Cli run = Cli.upbeat("study", "credit-choices", rows, "--out", directory.resolve("s"))
                .done();
        assertThat(run.out()).contains("there are no anchors", "analyze --horizon 1:end");
    }

    @Test
    void tracesWithoutFaiAreRefused() throws IOException {
        Path rows = rows("{\"id\": \"a\", \"waad\": [7, 7]}\n");
        Path out = directory.resolve("s");
        Cli.upbeat("study", "credit-choices", rows, "--out", out)
                .refused("rows.jsonl, line 1", "fai", "study credit-choices needs");
        assertThat(out).doesNotExist();
    }
}
