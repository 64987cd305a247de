package dev.upbeat.study.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.io.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class FinishedRunsTest {
    @TempDir
    private Path directory;

    private static void refused(ThrowingCallable call, String... parts) {
        assertThatThrownBy(call)
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll(parts)
                .hasMessageNotContainingAny("dev.upbeat", "Source:");
    }

    @Test
    void aForeignRowIsRefusedByItsLine() throws IOException {
        Path file = directory.resolve("rows.jsonl");
        for (String line : new String[] {"null", "{\"task\": 3", "{}", "[1]", ""}) {
            Files.writeString(file, line + "\n");
            refused(() -> new FinishedRuns(file), "rows.jsonl, line 1", "delete the line");
        }
    }

    @Test
    void whatIsNoTextOrNoFileIsRefused() throws IOException {
        Path file = Files.write(directory.resolve("rows.jsonl"), new byte[] {(byte) 0xff, '\n'});
        refused(() -> new FinishedRuns(file), "rows.jsonl: not UTF-8", "rows: FILE");
        refused(() -> new FinishedRuns(directory), "is a directory", "expected a regular file");
    }

    @Test
    void aFileInTheDirectorysPlaceIsCalledOne() throws IOException {
        Path file = Files.writeString(directory.resolve("grid"), "x");
        refused(() -> new FinishedRuns(file.resolve("rows.jsonl")).requireWritable(), "grid: is a file");
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "only Linux has /proc, where nobody can make a file")
    void anUnwritablePlaceIsRefusedBeforeTheFirstRun() throws IOException {
        refused(() -> new FinishedRuns(Path.of("/proc/x")).requireWritable(), "/proc/x: rows cannot be written there");
        refused(() -> new FinishedRuns(Path.of("/proc/x/y")).requireWritable(), "/proc/x/y: rows cannot be written");
        new FinishedRuns(directory.resolve("new/rows.jsonl")).requireWritable();
        assertThat(directory.resolve("new")).isEmptyDirectory();
    }
}
