package dev.upbeat.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class DownloadLineTest {
    private final StringWriter terminal = new StringWriter();
    private long nanos;

    @Test
    void eachFileHasALineInMegabytes() {
        try (DownloadLine line = line()) {
            line.advanced("config.json", 0, 700);
            line.advanced("config.json", 700, 700);
            line.advanced("model.safetensors", 0, 10_000_000);
            line.advanced("model.safetensors", 4_200_000, 10_000_000);
        }
        assertThat(terminal.toString())
                .contains("model.safetensors, MB [", "] 4/10, ")
                .endsWith("\r\033[K");
    }

    @Test
    void resumedBytesAreNotCountedAgain() {
        try (DownloadLine line = line()) {
            line.advanced("model.safetensors", 6_000_000, 10_000_000);
            line.advanced("model.safetensors", 7_000_000, 10_000_000);
        }
        assertThat(terminal.toString()).contains("] 1/4, ");
    }

    @Test
    void aDownloadThatBeginsAgainCountsFromTheStart() {
        try (DownloadLine line = line()) {
            line.advanced("model.safetensors", 6_000_000, 10_000_000);
            line.advanced("model.safetensors", 0, 10_000_000);
            line.advanced("model.safetensors", 2_000_000, 10_000_000);
        }
        assertThat(terminal.toString()).contains("] 2/10, ");
    }

    @Test
    void piecesOfAFewKilobytesAreNotDrawnEach() {
        try (DownloadLine line = line()) {
            for (long done = 0; done <= 5_000_000; done += 16_384) {
                line.advanced("model.safetensors", done, 5_000_000);
            }
        }
        assertThat(terminal.toString().split("left", -1)).hasSizeLessThanOrEqualTo(6);
    }

    private DownloadLine line() {
        return new DownloadLine(
                (label, total) -> new Progress(label, total, new PrintWriter(terminal), () -> nanos += 1_000_000_000));
    }
}
