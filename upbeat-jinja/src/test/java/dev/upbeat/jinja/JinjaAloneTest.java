package dev.upbeat.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.testing.DocExample;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JinjaAloneTest {
    @TempDir
    private Path directory;

    @Test
    void aTemplateIsRenderedWithoutLibtorch() throws Exception {
        List<String> needed = List.of("upbeat-base", "upbeat-jinja");
        assertThat(DocExample.output("Greet", needed, directory)).isEqualToIgnoringNewLines("<|user|>Hello");
    }
}
