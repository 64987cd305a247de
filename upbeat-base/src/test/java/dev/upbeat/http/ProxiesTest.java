package dev.upbeat.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.io.BadInputException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxiesTest {
    private static final String HUB = "https://huggingface.co/api";

    private static Map<String, String> env(String... pairs) {
        Map<String, String> env = new HashMap<>();
        for (String pair : pairs) {
            env.put(pair.replaceFirst("=.*", ""), pair.replaceFirst("[^=]*=", ""));
        }
        return env;
    }

    /** HOST:PORT of the proxy for an address, "direct" for none. */
    private static String proxy(String uri, String... pairs) {
        Proxy proxy = Proxies.of(env(pairs)).select(URI.create(uri)).get(0);
        return proxy.type() == Proxy.Type.DIRECT
                ? "direct"
                : ((InetSocketAddress) proxy.address()).getHostString() + ":"
                        + ((InetSocketAddress) proxy.address()).getPort();
    }

    @Test
    void theSchemeOfTheAddressChoosesTheVariable() {
        String[] both = {"https_proxy=http://a:1", "http_proxy=http://b:2", "all_proxy=http://c:3"};
        assertThat(proxy(HUB, both)).isEqualTo("a:1");
        assertThat(proxy("http://hub.example/", both)).isEqualTo("b:2");
        assertThat(proxy(HUB, "http_proxy=http://b:2", "ALL_PROXY=http://c:3")).isEqualTo("c:3");
        assertThat(proxy(HUB, "http_proxy=http://b:2")).isEqualTo("direct");
        assertThat(proxy(HUB)).isEqualTo("direct");
    }

    @Test
    void smallLettersWinOverCapitals() {
        assertThat(proxy(HUB, "HTTPS_PROXY=http://a:1")).isEqualTo("a:1");
        assertThat(proxy(HUB, "HTTPS_PROXY=http://a:1", "https_proxy=http://b:2"))
                .isEqualTo("b:2");
        assertThat(proxy("http://x/", "HTTP_PROXY=http://a:1", "REQUEST_METHOD=GET"))
                .isEqualTo("direct");
    }

    @ParameterizedTest
    @CsvSource({
        "http://proxy.example:3128, proxy.example:3128",
        "proxy.example:3128, proxy.example:3128",
        "http://proxy.example, proxy.example:80",
        "http://user:pa%40ss@proxy.example:3128/, proxy.example:3128",
        "HTTP://10.0.0.1:8080, 10.0.0.1:8080"
    })
    void aProxyIsAnAddressWithOrWithoutScheme(String value, String expected) {
        assertThat(proxy(HUB, "HTTPS_PROXY=" + value)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            *                                | https://huggingface.co/      | direct
            huggingface.co                   | https://huggingface.co/      | direct
            huggingface.co                   | https://cdn.huggingface.co/  | direct
            .huggingface.co                  | https://cdn.huggingface.co/  | direct
            *.huggingface.co                 | https://cdn.huggingface.co/  | direct
            huggingface.co                   | https://nothuggingface.co/   | a:1
            huggingface.co                   | https://huggingface.co.evil/ | a:1
            other.example, HuggingFace.CO    | https://huggingface.co/      | direct
            huggingface.co:443               | https://huggingface.co/      | direct
            huggingface.co:8443              | https://huggingface.co/      | a:1
            huggingface.co:8443              | https://huggingface.co:8443/ | direct
            127.0.0.1                        | http://127.0.0.1:8000/       | direct
            10.0.0.0/8                       | http://10.20.30.40/          | direct
            10.0.0.0/8                       | http://11.20.30.40/          | a:1
            localhost                        | http://127.0.0.1/            | a:1
            [::1]                            | http://[::1]:8000/           | direct
            """)
    void noProxyListsHostsThatAreReachedDirectly(String list, String uri, String expected) {
        assertThat(proxy(uri, "ALL_PROXY=http://a:1", "NO_PROXY=" + list)).isEqualTo(expected);
        assertThat(proxy(uri, "all_proxy=http://a:1", "no_proxy=" + list, "NO_PROXY=*"))
                .isEqualTo(expected);
    }

    @Test
    void onlyTheProxyReceivesUserAndPassword() {
        Proxies proxies = Proxies.of(env("HTTPS_PROXY=http://me:pa%40ss+1@a:1", "NO_PROXY=direct.example"));
        URI hub = URI.create(HUB);
        HttpRequest request =
                proxies.authorized(HttpRequest.newBuilder(hub), hub).build();
        assertThat(request.headers().firstValue("Proxy-Authorization"))
                .contains("Basic "
                        + java.util.Base64.getEncoder()
                                .encodeToString("me:pa@ss+1".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        URI direct = URI.create("https://direct.example/");
        assertThat(proxies.authorized(HttpRequest.newBuilder(direct), direct)
                        .build()
                        .headers()
                        .map())
                .isEmpty();
        assertThat(proxies.toString()).doesNotContain("pa");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://secret:a@proxy:1",
                "socks5h://secret:a@proxy:1",
                "http://secret:a@",
                "http://secret:a@b:99999",
                "ht tp"
            })
    void invalidProxiesAreRejectedByName(String value) {
        assertThatThrownBy(() -> proxy(HUB, "HTTPS_PROXY=" + value))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll("HTTPS_PROXY", "http://HOST:PORT")
                .hasMessageNotContaining("secret");
    }

    @Test
    void thisMachineCanBeLeftOut() {
        Proxies proxies =
                Proxies.of(env("HTTP_PROXY=http://a:1", "NO_PROXY=x.example")).exceptLoopback();
        for (String uri :
                new String[] {"http://localhost:1/", "http://127.0.0.1:2/", "http://[::1]:3/", "http://x.example/"}) {
            assertThat(proxies.select(URI.create(uri))).containsExactly(Proxy.NO_PROXY);
        }
        assertThat(proxies.select(URI.create("http://y.example/"))).doesNotContain(Proxy.NO_PROXY);
    }

    @Test
    void aProxyThatIsNotNeededIsNotRefused() {
        assertThat(proxy(HUB, "ALL_PROXY=socks5://s:1", "HTTPS_PROXY=http://a:1"))
                .isEqualTo("a:1");
        assertThat(proxy(HUB, "ALL_PROXY=socks5://s:1", "NO_PROXY=*")).isEqualTo("direct");
    }
}
