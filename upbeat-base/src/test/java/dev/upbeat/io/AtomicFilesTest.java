package dev.upbeat.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTest {
    @TempDir
    private Path directory;

    @Test
    void aFileIsReplacedWholeAndNothingElseIsLeft() throws IOException {
        Path file = directory.resolve("a.txt");
        AtomicFiles.writeString(file, "old");
        AtomicFiles.writeString(file, "new");
        assertThat(file).hasContent("new");
        assertThat(names()).containsExactly("a.txt");
    }

    @Test
    void aWriterThatFailsLeavesTheOldFile() throws IOException {
        Path file = directory.resolve("a.txt");
        AtomicFiles.writeString(file, "old");
        assertThatThrownBy(() -> AtomicFiles.write(file, out -> {
                    out.write(1);
                    throw new IOException("no more");
                }))
                .hasMessageContaining("cannot write " + file)
                .hasMessageContaining("no more");
        assertThat(file).hasContent("old");
        assertThat(names()).containsExactly("a.txt");
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "sockets have no file type of their own there")
    void onlyRegularFilesAreReplaced() throws IOException {
        Path socket = directory.resolve("s");
        try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.bind(UnixDomainSocketAddress.of(socket));
            assertThatThrownBy(() -> AtomicFiles.writeString(socket, "text"))
                    .isInstanceOf(BadInputException.class)
                    .hasMessageContaining(socket + ": is a device, pipe or socket");
            assertThat(Files.readAttributes(socket, BasicFileAttributes.class).isOther())
                    .isTrue();
        }
        assertThat(names()).containsExactly("s");
    }

    private Stream<String> names() throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString()).toList().stream();
        }
    }
}
