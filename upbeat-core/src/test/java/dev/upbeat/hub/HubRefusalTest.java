package dev.upbeat.hub;

import static dev.upbeat.hub.HubUser.A;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.io.BadInputException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models that cannot be had or cannot be used: one message each, saying what to do. */
class HubRefusalTest {
    @AutoClose
    private final FakeHub hub = new FakeHub();

    @TempDir
    private Path home;

    @Test
    void aMissingModelIsReportedWithAndWithoutToken() {
        assertRefused(user(), "acme/none", "There is no model \"acme/none\" at " + hub.address(), "set HF_TOKEN to");
        assertRefused(
                user().with("HF_TOKEN", hub.token),
                "acme/none",
                "There is no model \"acme/none\"",
                "use an access token with read access to it");
        assertThat(HubUser.folder(home, "acme/none")).doesNotExist();
    }

    @Test
    void aRevisionThatIsNotThereIsNamed() {
        hub.commit("acme/tiny", "main", A, HubUser.tiny());

        assertRefused(user(), "acme/tiny@v9", "There is no revision \"v9\" of acme/tiny", hub.address() + "/acme/tiny");
    }

    @Test
    void aGatedModelSaysWhereItsTermsAre() {
        hub.commit("acme/gated", "main", A, HubUser.tiny());

        hub.gate("acme/gated", 401);
        assertRefused(
                user(),
                "acme/gated",
                "acme/gated is gated: accept its terms at " + hub.address() + "/acme/gated",
                "set HF_TOKEN");
        hub.gate("acme/gated", 403);
        assertRefused(user().with("HF_TOKEN", hub.token), "acme/gated", "acme/gated is gated", "use an access token");
    }

    @Test
    void aRejectedTokenIsNotShown() {
        hub.commit("acme/tiny", "main", A, HubUser.tiny());

        assertThatThrownBy(() -> user().with("HF_TOKEN", "hf_old").resolve("acme/tiny"))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll("status 401: Invalid credentials", "use an access token")
                .hasMessageNotContaining("hf_old");
    }

    @Test
    void aDisabledModelIsSaidInTheHubsWords() {
        hub.commit("acme/tiny", "main", A, HubUser.tiny());
        hub.fail(
                "GET",
                "/revision/main",
                FakeHub.status(403, "X-Error-Message", "Access to this resource is disabled."));

        assertRefused(
                user(),
                "acme/tiny",
                "Access to acme/tiny is refused",
                "status 403: Access to this resource is disabled");
    }

    @Test
    void aRefusalNamesTheCopyInTheCache() {
        assertRefused(user(), "acme/none", "Set HF_HUB_OFFLINE=1");
    }

    @Test
    void aRepositoryOfGgufFilesNamesTheirPaths() {
        publish("tiny-q4_k_m.gguf", "tiny-q8_0.gguf", "config.json");

        assertRefused(
                user(),
                "acme/other",
                "acme/other@main has neither model.safetensors nor model.safetensors.index.json",
                "GGUF files (tiny-q4_k_m.gguf, tiny-q8_0.gguf)",
                "give the path of that .gguf file");
    }

    @Test
    void aRepositoryOfPickledWeightsIsRefused() {
        publish("config.json", "pytorch_model.bin");

        assertRefused(user(), "acme/other", "pickled weights (pytorch_model.bin), which Upbeat does not read");
    }

    @Test
    void weightsOfAnAdapterWithoutItsSettingsAreRefused() {
        publish("adapter_model.safetensors");

        assertRefused(user(), "acme/other", "other safetensors (adapter_model.safetensors)", "the full model");
    }

    @Test
    void aRepositoryWithoutWeightsIsRefused() {
        publish("config.json", "README.md");

        assertRefused(user(), "acme/other", "Give a repository with weights in safetensors");
    }

    @Test
    void aRepositoryWithoutAConfigurationIsRefused() {
        publish("model.safetensors");

        assertRefused(user(), "acme/other", "acme/other@main has no config.json");
    }

    @Test
    void aRefusedRepositoryLeavesNothingInTheCache() {
        publish("config.json", "README.md");

        assertRefused(user(), "acme/other", "has neither");

        assertThat(home).isEmptyDirectory();
        assertThat(hub.requests).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../../../etc/cron.d/x", "a/../../x", "/etc/passwd", "..", "C:/Windows/x", "D:x", "..\\x", "\\x"
            })
    void aFileNameOutsideTheSnapshotIsRefused(String name) {
        publish("config.json", "model.safetensors", name);

        assertRefused(
                user(),
                "acme/other",
                "names a file \"" + name + "\", which is outside the repository's " + "directory");
        assertThat(home).isEmptyDirectory();
    }

    @Test
    void dotsInsideANameAreNothingSpecial() throws Exception {
        publish("config.json", "model.safetensors", "notes..txt", "a/..b/c.txt", ".hidden");

        assertThat(user().resolve("acme/other")).isDirectory();
    }

    @Test
    void anIndexWithAMissingShardIsRefused() {
        publishIndex("{\"weight_map\":{\"a\":\"model-00001-of-00002.safetensors\"}}");

        assertRefused(user(), "acme/big", "is incomplete", "names [model-00001-of-00002.safetensors]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"weight_map\":{}}",
                "{\"weight_map\":[1]}",
                "{\"weight_map\":{\"a\":\"pytorch_model-00001.bin\"}}"
            })
    void anIndexWithoutSafetensorsIsRefused(String index) {
        publishIndex(index);

        assertRefused(user(), "acme/big", "should map tensors to .safetensors files");
    }

    @Test
    void anIndexThatIsNotJsonIsRefused() {
        publishIndex("{\"weight_map\":");

        assertRefused(user(), "acme/big", "model.safetensors.index.json is not JSON");
    }

    @Test
    void anIndexThatLeadsOutOfTheSnapshotIsRefused() {
        publishIndex("{\"weight_map\":{\"a\":\"../../../x.safetensors\"}}");

        assertRefused(user(), "acme/big", "\"../../../x.safetensors\", which is outside");
    }

    private void publish(String... names) {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (String name : names) {
            files.put(name, HubUser.text(name));
        }
        hub.commit("acme/other", "main", A, files);
    }

    private void publishIndex(String index) {
        hub.commit(
                "acme/big",
                "main",
                A,
                Map.of("config.json", HubUser.text("{}"), "model.safetensors.index.json", HubUser.text(index)));
    }

    private HubUser user() {
        return new HubUser(hub, home);
    }

    private static void assertRefused(HubUser user, String model, String... words) {
        assertThatThrownBy(() -> user.resolve(model))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll(words);
        assertThat(user.pauses).isEmpty();
    }
}
