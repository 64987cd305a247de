package dev.upbeat.tokenizer;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.io.BadInputException;
import dev.upbeat.store.KnownEntries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class CompanionFilesTest {
    /** Else no checkpoint that has the file would ever be deleted. */
    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows makes links for administrators alone")
    void aRunKnowsEveryCompanionOfACheckpoint(@TempDir Path run) throws IOException {
        for (String name : CompanionFiles.NAMES) {
            Path checkpoint = Files.createDirectories(run.resolve("checkpoint-1"));
            Path link = Files.createSymbolicLink(checkpoint.resolve(name), run.resolve("elsewhere"));
            assertThatThrownBy(() -> KnownEntries.RUN.requireOwnKinds(run))
                    .isInstanceOf(BadInputException.class)
                    .hasMessageContaining(link.toString());
            Files.delete(link);
        }
    }
}
