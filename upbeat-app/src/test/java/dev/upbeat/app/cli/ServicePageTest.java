package dev.upbeat.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.upbeat.app.serve.Limits;
import dev.upbeat.app.serve.ServeOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The curl lines of docs/service.md run, and it names every call. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs a POSIX shell")
class ServicePageTest {
    private static final Path PAGE = Path.of("../docs/service.md");

    @TempDir
    private Path directory;

    @Test
    void everyCurlLineSucceeds() throws IOException, InterruptedException {
        Path runs = Files.createDirectory(directory.resolve("runs"));
        ServeOptions options =
                new ServeOptions("127.0.0.1", 0, null, runs, Path.of("../models"), Set.of(), Set.of(), Limits.DEFAULTS);
        try (LocalService service = LocalService.of(LocalService.COUNTDOWN, options)) {
            List<String> lines = Files.readAllLines(PAGE).stream()
                    .filter(line -> line.startsWith("curl "))
                    .toList();
            assertThat(lines).hasSizeGreaterThan(10);
            for (String line : lines) {
                run(line.replace("localhost:7777", "127.0.0.1:" + service.port()));
            }
        }
    }

    private static void run(String line) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", line.replaceFirst("curl", "curl -sS --fail-with-body"))
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes());
        int timedOut = line.contains("--max-time") ? 28 : 0; // an event stream has no end
        assertThat(process.waitFor()).as(line + "\n" + output).isEqualTo(timedOut);
    }

    @Test
    void thePageNamesEveryCall() throws IOException {
        String page = Files.readString(PAGE);
        JsonNode document = LocalService.JSON.readTree(
                Path.of("src/main/resources/dev/upbeat/app/serve/openapi.json").toFile());
        document.path("paths").fieldNames().forEachRemaining(path -> assertThat(page)
                .contains(path));
    }
}
