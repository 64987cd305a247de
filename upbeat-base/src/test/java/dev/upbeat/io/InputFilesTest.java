package dev.upbeat.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class InputFilesTest {
    private static final String POINTER = """
            version https://git-lfs.github.com/spec/v1
            oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393
            size 12345
            """;

    @TempDir
    Path directory;

    @Test
    void anythingButARegularFileIsRefusedUnopened() throws Exception {
        Path pipe = directory.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        Path link = Files.createSymbolicLink(directory.resolve("link"), pipe);
        Path zero = Files.createSymbolicLink(directory.resolve("zero"), Path.of("/dev/zero"));
        Path socket = directory.resolve("socket");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            for (Path file : List.of(pipe, link, zero, socket, Path.of("/dev/null"), directory)) {
                assertThatThrownBy(() -> InputFiles.bytes(file, 100))
                        .isInstanceOf(BadInputException.class)
                        .hasMessageContaining(file.toString())
                        .hasMessageContaining("expected a regular file");
            }
        }
    }

    @Test
    void anEmptyNameIsNamedAsEmpty() {
        assertThatThrownBy(() -> InputFiles.check(Path.of("")))
                .isInstanceOf(BadInputException.class)
                .hasMessage("the file's name is empty; expected the path of a file");
    }

    @Test
    void aGitLfsPointerIsNamedWithItsFilesSize() throws IOException {
        for (String text : List.of(POINTER, POINTER.stripTrailing())) {
            Path file = Files.writeString(directory.resolve("weights"), text);
            assertThatThrownBy(() -> InputFiles.check(file))
                    .isInstanceOf(BadInputException.class)
                    .hasMessageContainingAll(file.toString(), "Git LFS pointer", "12345 bytes", "git lfs pull");
        }
    }

    @Test
    void aTextThatMentionsGitLfsIsNotAPointer() throws IOException {
        for (String text : List.of("x" + POINTER, "version https://git-lfs.github.com/spec/v1\n", "")) {
            Path file = Files.writeString(directory.resolve("text"), text);
            assertThat(InputFiles.text(file, 1000)).isEqualTo(text);
        }
    }

    @Test
    void aFileOverItsLimitIsRefusedWithBothSizes() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "12345");
        assertThat(InputFiles.bytes(file, 5)).hasSize(5);
        assertThatThrownBy(() -> InputFiles.bytes(file, 4))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("5 bytes; expected at most 4");
    }
}
