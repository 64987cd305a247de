package dev.upbeat.http;

import dev.upbeat.io.BadInputException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Proxies from the environment, as in Python's requests and curl: {@code https_proxy} or {@code http_proxy} by the scheme of the
 * address, else {@code all_proxy}. {@code no_proxy} lists hosts that are reached directly. Upper-case names count if the
 * lower-case ones are not set. Without any of them Java's own settings apply ({@code -Dhttps.proxyHost}).
 */
public final class Proxies extends ProxySelector {
    /** Java sends a password through a tunnel only if this is set before the first client is made. */
    private static final String DISABLED_SCHEMES = "jdk.http.auth.tunneling.disabledSchemes";

    private final Map<String, String> env;
    private final List<String> direct;

    private Proxies(Map<String, String> env) {
        this.env = env;
        String listed = variable("no_proxy");
        this.direct = Arrays.stream((listed == null ? "" : listed).split("[,\\s]+"))
                .map(entry -> entry.strip().toLowerCase(Locale.ROOT))
                .filter(entry -> !entry.isEmpty())
                .toList();
    }

    /** @throws BadInputException if a variable is not the address of a proxy */
    public static Proxies of(Map<String, String> env) {
        Proxies proxies = new Proxies(env);
        for (String name : List.of("http_proxy", "https_proxy")) {
            String value = proxies.variable(name);
            if (value != null) {
                Server.parse(name, value);
            }
        }
        return proxies;
    }

    /** The same proxies, except that this machine is reached directly: a local server is rarely behind the proxy. */
    public Proxies exceptLoopback() {
        Map<String, String> more = new HashMap<>(env);
        more.put("no_proxy", String.join(",", direct) + ",localhost,127.0.0.0/8,[::1]");
        return new Proxies(more);
    }

    /** A builder of clients that use the proxies. */
    public HttpClient.Builder client() {
        if (System.getProperty(DISABLED_SCHEMES) == null) {
            System.setProperty(DISABLED_SCHEMES, "");
        }
        HttpClient.Builder builder = HttpClient.newBuilder();
        return isSet() ? builder.proxy(this) : builder;
    }

    /** Adds the proxy's user and password if the address is reached through a proxy that has them. */
    public HttpRequest.Builder authorized(HttpRequest.Builder request, URI uri) {
        Server server = server(uri);
        if (server != null && server.user() != null) {
            byte[] user = server.user().getBytes(StandardCharsets.UTF_8);
            request.header("Proxy-Authorization", "Basic " + Base64.getEncoder().encodeToString(user));
        }
        return request;
    }

    @Override
    public List<Proxy> select(URI uri) {
        Server server = server(uri);
        return List.of(
                server == null
                        ? Proxy.NO_PROXY
                        : new Proxy(Proxy.Type.HTTP, new InetSocketAddress(server.host(), server.port())));
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException e) {
        // the request itself reports the failure
    }

    private boolean isSet() {
        return variable("http_proxy") != null || variable("https_proxy") != null || variable("all_proxy") != null;
    }

    private @Nullable Server server(URI uri) {
        String name = "https".equalsIgnoreCase(uri.getScheme()) ? "https_proxy" : "http_proxy";
        String value = variable(name);
        if (value == null) {
            name = "all_proxy";
            value = variable(name);
        }
        return value == null || isDirect(uri) ? null : Server.parse(name, value);
    }

    private @Nullable String variable(String name) {
        for (String each : List.of(name, name.toUpperCase(Locale.ROOT))) {
            // In a CGI program HTTP_PROXY comes from the client's header Proxy.
            boolean header = each.equals("HTTP_PROXY") && env.containsKey("REQUEST_METHOD");
            String value = env.get(each);
            if (value != null && !value.isBlank() && !header) {
                return value.strip();
            }
        }
        return null;
    }

    private boolean isDirect(URI uri) {
        String host = uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
        String bare = host.replaceAll("^\\[|\\]$|\\.$", "");
        int port = uri.getPort() >= 0 ? uri.getPort() : "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
        return direct.stream().anyMatch(entry -> matches(entry, bare, port));
    }

    /** An entry is {@code *}, a host with its subdomains, an address or a block of IPv4 addresses. */
    private static boolean matches(String entry, String host, int port) {
        if (entry.equals("*")) {
            return true;
        }
        String name = entry;
        String after = entry.startsWith("[") ? entry.replaceFirst("^.*\\]", "") : entry.replaceFirst("^[^:]*", "");
        if (after.matches(":\\d{1,5}")) {
            if (Integer.parseInt(after.substring(1)) != port) {
                return false;
            }
            name = entry.substring(0, entry.length() - after.length());
        }
        name = name.replaceAll("^\\[|\\]$|\\.$", "").replaceFirst("^\\*?\\.", "");
        return host.equals(name) || (!name.isEmpty() && host.endsWith("." + name)) || isInBlock(name, host);
    }

    private static boolean isInBlock(String block, String host) {
        int slash = block.indexOf('/');
        if (slash < 0 || !block.substring(slash + 1).matches("\\d{1,2}")) {
            return false;
        }
        Long network = ipv4(block.substring(0, slash));
        Long address = ipv4(host);
        int bits = Integer.parseInt(block.substring(slash + 1));
        return network != null && address != null && bits <= 32 && network >> (32 - bits) == address >> (32 - bits);
    }

    private static @Nullable Long ipv4(String text) {
        if (!text.matches("\\d{1,3}(\\.\\d{1,3}){3}")) {
            return null;
        }
        long address = 0;
        for (String part : text.split("\\.")) {
            address = address << 8 | Integer.parseInt(part) & 255;
        }
        return address;
    }

    /** Shows no password. */
    @Override
    public String toString() {
        List<String> set = new ArrayList<>();
        for (String name : List.of("https_proxy", "http_proxy", "all_proxy", "no_proxy")) {
            if (variable(name) != null) {
                set.add(name);
            }
        }
        return set.isEmpty() ? "none" : String.join(", ", set);
    }

    /**
     * A proxy.
     *
     * @param user with the password, {@code USER:PASSWORD}; null for none
     */
    private record Server(String host, int port, @Nullable String user) {
        /** The messages do not show the value: it may hold a password. */
        static Server parse(String name, String value) {
            String text = value.contains("://") ? value : "http://" + value;
            URI uri;
            try {
                uri = new URI(text);
            } catch (URISyntaxException e) {
                throw refused(name, "is not an address (not shown: it may hold a password)");
            }
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            if (!scheme.equals("http")) {
                throw refused(name, "has the scheme " + scheme + "://");
            }
            if (uri.getHost() == null || uri.getPort() == 0 || uri.getPort() > 65_535) {
                throw refused(name, "has no host, or a port outside 1 to 65535");
            }
            String user = uri.getRawUserInfo();
            return new Server(
                    uri.getHost(),
                    uri.getPort() < 0 ? 80 : uri.getPort(),
                    user == null ? null : URLDecoder.decode(user.replace("+", "%2B"), StandardCharsets.UTF_8));
        }

        private static BadInputException refused(String name, String problem) {
            return new BadInputException(name.toUpperCase(Locale.ROOT) + " " + problem
                    + "; expected an HTTP proxy such as http://HOST:PORT or http://USER:PASSWORD@HOST:PORT (with @ in"
                    + " the password as %40). Set it to one, or add the host to NO_PROXY");
        }
    }
}
