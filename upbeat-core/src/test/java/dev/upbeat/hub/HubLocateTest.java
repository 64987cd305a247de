package dev.upbeat.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.io.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Offline, so that a hub id is told from a path without a hub. */
class HubLocateTest {
    private static final DownloadProgress UNSEEN = (file, done, total) -> {};

    @TempDir
    private Path cache;

    /** A directory here with a name that a hub's organisation could have. */
    private final Path here = Path.of("HubLocateTest-" + ProcessHandle.current().pid());

    @BeforeEach
    void makeADirectory() throws IOException {
        Files.createDirectories(here);
    }

    @AfterEach
    void removeIt() throws IOException {
        Files.delete(here);
    }

    @Test
    void aMistypedPathIsReportedWithoutARequest() {
        assertThatThrownBy(() -> resolve(here + "/qwen"))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining(here + "/qwen does not exist, but its directory " + here + " does")
                .hasMessageContaining("write " + here + "/qwen@main");
    }

    @Test
    void aRevisionSaysThatTheHubIsMeant() {
        assertThatThrownBy(() -> resolve(here + "/qwen@main")).hasMessageContaining("is not in the model cache");
    }

    @Test
    void aNameOfNothingHereIsAHubId() {
        assertThatThrownBy(() -> resolve("NoSuchDirectory/qwen")).hasMessageContaining("is not in the model cache");
    }

    @Test
    void filesOfWeightsAndWhatExistsAreNeverHubIds() throws IOException {
        assertThat(resolve("NoSuchDirectory/model.gguf")).isEqualTo(Path.of("NoSuchDirectory/model.gguf"));
        assertThat(resolve("NoSuchDirectory/model.safetensors"))
                .isEqualTo(Path.of("NoSuchDirectory/model.safetensors"));
        assertThat(resolve(here.toString())).isEqualTo(here);
    }

    private Path resolve(String model) throws IOException {
        return Hub.locate(model, Map.of("HF_HUB_OFFLINE", "1", "HF_HUB_CACHE", cache.toString()), UNSEEN);
    }
}
