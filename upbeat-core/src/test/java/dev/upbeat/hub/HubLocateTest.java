package dev.upbeat.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.io.BadInputException;
import dev.upbeat.io.SearchPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Offline, so that a hub id is told from a path without a hub. */
class HubLocateTest {
    private static final String NO_MODEL =
            " does not exist: give a Hugging Face directory or a GGUF file (or a hub id, ORG/NAME).";
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
        for (String file : List.of("NoSuchDirectory/model.gguf", "NoSuchDirectory/model.safetensors")) {
            assertThatThrownBy(() -> resolve(file)).hasMessage(file + NO_MODEL);
        }
        assertThat(resolve(here.toString())).isEqualTo(here);
    }

    @Test
    void textThatCanOnlyBeAPathIsNeverAskedFromTheHub() {
        for (String path : List.of("./org/name", "../org/name", "/org/name", "~/org", "one/two/three", "name")) {
            assertThatThrownBy(() -> resolve(path)).hasMessage(path + NO_MODEL);
        }
    }

    @Test
    void aModelIsFoundInALaterFolderOfTheSearchPath() throws IOException {
        Path model = Files.createDirectories(cache.resolve("org/name"));
        SearchPath search = SearchPath.from(cache.resolve("elsewhere"), cache.toString());
        assertThat(Hub.locate("org/name", search, Map.of("HF_HUB_OFFLINE", "1"), UNSEEN))
                .isEqualTo(model);
    }

    @Test
    void aMistypedPathNamesEveryFolderOfTheSearchPath() throws IOException {
        Files.createDirectories(cache.resolve("org"));
        SearchPath search = SearchPath.from(cache.resolve("elsewhere"), cache.toString());
        assertThatThrownBy(() -> Hub.locate("org/nam", search, Map.of("HF_HUB_OFFLINE", "1"), UNSEEN))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll(
                        "org/nam does not exist (looked in " + cache.resolve("elsewhere"),
                        Path.of("").toAbsolutePath() + ", " + cache + ")",
                        "but its directory " + cache.resolve("org") + " does");
    }

    @Test
    void aHubIdThatIsNotCachedIsSaidToBeNoPathEither() {
        assertThatThrownBy(() -> resolve("NoSuchDirectory/qwen"))
                .hasMessageContaining("no file or directory has this name either");
    }

    private Path resolve(String model) throws IOException {
        return Hub.locate(
                model, SearchPath.HERE, Map.of("HF_HUB_OFFLINE", "1", "HF_HUB_CACHE", cache.toString()), UNSEEN);
    }
}
