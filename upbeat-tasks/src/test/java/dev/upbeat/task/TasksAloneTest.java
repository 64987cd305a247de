package dev.upbeat.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.testing.DocExample;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TasksAloneTest {
    @TempDir
    private Path directory;

    @Test
    void aResponseIsJudgedWithoutLibtorch() throws Exception {
        List<String> needed = List.of("upbeat-base", "upbeat-tasks", "jackson");
        assertThat(DocExample.output("Judge", needed, directory)).isEqualToIgnoringNewLines("1.0 for 0.\\overline{3}");
    }
}
