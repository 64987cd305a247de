package dev.upbeat.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that compute nothing with a model start in a third of a second because they load no libtorch. */
class NoNativeCodeTest {
    @TempDir
    private Path directory;

    @Test
    void helpLoadsNone() throws Exception {
        assertNoNativeCode("--help");
        assertNoNativeCode("analyze", "--help");
        assertNoNativeCode("train", "--help");
        assertNoNativeCode("--version");
    }

    @Test
    void verdictsLoadNone() throws Exception {
        Path data = Files.writeString(
                directory.resolve("data.jsonl"), "{\"id\": \"a\", \"question\": \"1 + 1\", \"answer\": \"2\"}\n");
        Path responses =
                Files.writeString(directory.resolve("responses.jsonl"), "{\"id\": \"a\", \"response\": \"2\"}\n");
        assertNoNativeCode("score", "--task", "math", "--data", data.toString(), "--responses", responses.toString());
    }

    @Test
    void creditLoadsNone() throws Exception {
        Path traces = Files.writeString(
                directory.resolve("traces.jsonl"),
                "{\"id\": \"a\", \"waad\": [1, 3, 2, 4], \"fai\": [0.1, 0.4, 0.2, 0.3], \"entropy_nats\": [1, 2, 1, 2]}\n");
        assertNoNativeCode("credit", "--traces", traces.toString(), "--strategy", "high-entropy");
    }

    private void assertNoNativeCode(String... words) throws IOException, InterruptedException {
        Path log = directory.resolve("classes.log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xlog:class+load=info:file=" + log,
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(words));
        Path output = directory.resolve("output");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor()).as(Files.readString(output)).isZero();
        List<String> loaded = Files.readAllLines(log);
        assertThat(loaded).anyMatch(line -> line.contains(" dev.upbeat.app.cli.Main "));
        assertThat(loaded).noneMatch(line -> line.contains(" org.bytedeco.") || line.contains(" org.duckdb."));
    }
}
