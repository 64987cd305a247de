package dev.upbeat.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.io.BadInputException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HubSettingsTest {
    @TempDir
    private Path home;

    @Test
    void anEmptyEnvironmentMeansTheHubAndTheUsersCache() throws IOException {
        HubSettings settings = settings();

        assertThat(settings.endpoint()).isEqualTo(URI.create("https://huggingface.co"));
        assertThat(settings.cache()).isEqualTo(home.resolve(".cache/huggingface/hub"));
        assertThat(settings.token()).isNull();
        assertThat(settings.offline()).isFalse();
        assertThat(settings.symlinks()).isTrue();
    }

    @Test
    void theCacheIsWhereTheMostSpecificVariableSays() throws IOException {
        assertThat(settings("XDG_CACHE_HOME", "/x").cache()).isEqualTo(Path.of("/x/huggingface/hub"));
        assertThat(settings("HF_HOME", "/h", "XDG_CACHE_HOME", "/x").cache()).isEqualTo(Path.of("/h/hub"));
        assertThat(settings("HF_HOME", "~/h").cache()).isEqualTo(home.resolve("h/hub"));
        assertThat(settings("HUGGINGFACE_HUB_CACHE", "/l", "HF_HOME", "/h").cache())
                .isEqualTo(Path.of("/l"));
        assertThat(settings("HF_HUB_CACHE", "/c", "HUGGINGFACE_HUB_CACHE", "/l").cache())
                .isEqualTo(Path.of("/c"));
        assertThat(settings("HF_HUB_CACHE", "", "HF_HOME", "/h").cache()).isEqualTo(Path.of("/h/hub"));
    }

    @Test
    void theEnvironmentsTokenOverridesTheLogin() throws IOException {
        Files.writeString(home.resolve("token"), "hf_login\n");

        assertThat(settings("HF_HOME", home.toString()).token()).isEqualTo("hf_login");
        assertThat(settings("HF_HOME", home.toString(), "HUGGING_FACE_HUB_TOKEN", "hf_old")
                        .token())
                .isEqualTo("hf_old");
        assertThat(settings("HUGGING_FACE_HUB_TOKEN", "hf_old", "HF_TOKEN", " hf_new\n")
                        .token())
                .isEqualTo("hf_new");
        assertThat(settings("HF_TOKEN_PATH", home.resolve("token").toString()).token())
                .isEqualTo("hf_login");
    }

    @Test
    void aTokenIsNeverShown() throws IOException {
        assertThat(settings("HF_TOKEN", "hf_secret").toString()).doesNotContain("hf_secret");
        assertThatThrownBy(() -> settings("HF_TOKEN", "hf_secret and more"))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("The access token in HF_TOKEN")
                .hasMessageNotContaining("hf_secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "ON", "on", "yes", "True"})
    void offlineIsWhatPythonTakesForTrue(String value) throws IOException {
        assertThat(settings("HF_HUB_OFFLINE", value).offline()).isTrue();
        assertThat(settings("TRANSFORMERS_OFFLINE", value).offline()).isTrue();
        assertThat(settings("HF_HUB_OFFLINE", "0", "TRANSFORMERS_OFFLINE", value)
                        .offline())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({"https://mirror.example/hub/,https://mirror.example/hub", "http://127.0.0.1:8080,http://127.0.0.1:8080"
    })
    void anotherEndpointMayHaveAPathAndAPort(String given, String endpoint) throws IOException {
        assertThat(settings("HF_ENDPOINT", given).endpoint()).isEqualTo(URI.create(endpoint));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"huggingface.co", "ftp://huggingface.co", "https://", "https:///x", "not an address", "file:/x"})
    void anEndpointMustBeAWebAddress(String given) {
        assertThatThrownBy(() -> settings("HF_ENDPOINT", given))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll("HF_ENDPOINT", "https://huggingface.co");
    }

    @ParameterizedTest
    @CsvSource({
        "https://Hub.example/x,true",
        "https://hub.example:443/x,true",
        "http://hub.example/x,false",
        "https://hub.example:444/x,false",
        "https://evil.example/hub.example,false",
        "https://hub.example.evil.example/,false"
    })
    void onlyTheSameSchemeHostAndPortAreTheEndpoint(String uri, boolean same) throws IOException {
        assertThat(settings("HF_ENDPOINT", "https://hub.example").isEndpoint(URI.create(uri)))
                .isEqualTo(same);
    }

    private HubSettings settings(String... pairs) throws IOException {
        Map<String, String> env = new HashMap<>(Map.of("HOME", home.toString()));
        for (int i = 0; i < pairs.length; i += 2) {
            env.put(pairs[i], pairs[i + 1]);
        }
        return HubSettings.of(env);
    }
}
