package dev.upbeat.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StandardOutputTest {
    @Test
    void textArrivesAsUtf8() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintWriter writer = new PrintWriter(new StandardOutput(bytes), false, StandardCharsets.UTF_8);
        writer.print("naïve 北京 🎵");
        writer.flush();
        assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("naïve 北京 🎵");
    }

    @Test
    void aFullDiskIsNotSwallowedByTheWriter() {
        PrintWriter writer =
                new PrintWriter(new StandardOutput(failing("No space left on device")), false, StandardCharsets.UTF_8);
        writer.print("lost");
        assertThatThrownBy(writer::flush)
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("cannot write to standard output: No space left on device");
    }

    @Test
    void aClosedPipeIsTheReaderGone() {
        PrintWriter writer = new PrintWriter(new StandardOutput(failing("Broken pipe")), false, StandardCharsets.UTF_8);
        writer.print("unread");
        assertThatThrownBy(writer::flush).isInstanceOf(StandardOutput.ReaderGone.class);
    }

    private static OutputStream failing(String message) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException(message);
            }
        };
    }
}
