package dev.upbeat.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.io.BadInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 1, unit = TimeUnit.MINUTES)
class HubProxyTest {
    private static final String BASIC =
            "Basic " + Base64.getEncoder().encodeToString("me:p@ss".getBytes(StandardCharsets.UTF_8));

    @TempDir
    private Path home;

    @AutoClose
    private final FakeHub hub = new FakeHub().commit("acme/tiny", "main", HubUser.A, HubUser.tiny());

    @BeforeEach
    void gateNothing() {
        hub.requests.clear();
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"})
    void aModelComesThroughTheProxy(String variable) throws IOException {
        try (FakeProxy proxy = new FakeProxy(null)) {
            Path snapshot = new HubUser(hub, home)
                    .with(variable, "http://" + proxy.address())
                    .resolve("acme/tiny");
            assertThat(snapshot.resolve("model.safetensors"))
                    .hasBinaryContent(HubUser.tiny().get("model.safetensors"));
            assertThat(proxy.heads)
                    .hasSize(hub.requests.size())
                    .allMatch(head -> head.contains(" http://127.0.0.1:"))
                    .anyMatch(head -> head.contains(hub.storeAddress()));
        }
    }

    @Test
    void theProxyIsGivenUserAndPassword() throws IOException {
        try (FakeProxy proxy = new FakeProxy(BASIC)) {
            new HubUser(hub, home)
                    .with("HTTP_PROXY", "http://me:p%40ss@" + proxy.address())
                    .resolve("acme/tiny");
            assertThat(proxy.heads).isNotEmpty();
        }
    }

    @Test
    void tunnelRequestsCarryUserAndPassword() throws IOException {
        try (FakeProxy proxy = new FakeProxy(BASIC)) {
            HubUser user = new HubUser(hub, home)
                    .withRetries(0)
                    .with("HF_ENDPOINT", "https://hub.example")
                    .with("HTTPS_PROXY", "http://me:p%40ss@" + proxy.address());
            assertThatThrownBy(() -> user.resolve("acme/tiny"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContainingAll("hub.example", "503", "HTTPS_PROXY");
            assertThat(proxy.heads)
                    .hasSize(1)
                    .allMatch(head -> head.startsWith("CONNECT hub.example:443 "))
                    .allMatch(head -> head.contains("Proxy-Authorization: " + BASIC));
        }
    }

    @Test
    void aProxyThatWantsAPasswordIsNamed() throws IOException {
        try (FakeProxy proxy = new FakeProxy(BASIC)) {
            HubUser user = new HubUser(hub, home).withRetries(0).with("HTTP_PROXY", proxy.address());
            assertThatThrownBy(() -> user.resolve("acme/tiny"))
                    .hasMessageContainingAll("407", "HTTP_PROXY=http://USER:PASSWORD@HOST:PORT");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "127.0.0.1", "127.0.0.0/8", "example.org, 127.0.0.1"})
    void aHostOfNoProxyIsReachedDirectly(String list) throws IOException {
        try (FakeProxy proxy = new FakeProxy(null)) {
            new HubUser(hub, home)
                    .with("http_proxy", proxy.address())
                    .with("NO_PROXY", list)
                    .resolve("acme/tiny");
            assertThat(proxy.heads).isEmpty();
        }
    }

    @Test
    void aProxyOfAnotherKindIsRefusedByName() {
        HubUser user = new HubUser(hub, home).with("ALL_PROXY", "socks5://127.0.0.1:1080");
        assertThatThrownBy(() -> user.resolve("acme/tiny"))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll("ALL_PROXY", "socks5");
    }
}
