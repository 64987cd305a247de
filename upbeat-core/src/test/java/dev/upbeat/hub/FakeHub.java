package dev.upbeat.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Behaves as the hub does towards a downloader: an endpoint that resolves revisions, serves small files by a redirect to
 * itself and sends for large ones (safetensors) to a store on another port; the store knows ranges and, as a bucket with
 * signed addresses does, refuses requests with an Authorization header. Faults can be put before single answers.
 */
final class FakeHub implements AutoCloseable {
    /** What was asked; {@code server} is "endpoint" or "store". */
    record Request(
            String server,
            String method,
            String path,
            @Nullable String authorization,
            @Nullable String range) {}

    /** Takes the place of one answer. */
    @FunctionalInterface
    interface Fault {
        /** Answers; {@code content} is the whole file's, empty for listings. */
        void answer(HttpExchange exchange, byte[] content) throws IOException;
    }

    private record Place(String method, String path) {}

    final List<Request> requests = new CopyOnWriteArrayList<>();
    /** The only token that the endpoint accepts. */
    final String token = "hf_good";

    final HttpServer endpoint;
    private final HttpServer store;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Map<String, byte[]>> filesOfCommit = new ConcurrentHashMap<>();
    private final Map<String, String> commitOfRevision = new ConcurrentHashMap<>();
    private final Map<String, byte[]> contentOfSha256 = new ConcurrentHashMap<>();
    private final Map<String, Integer> gateOfRepository = new ConcurrentHashMap<>();
    private final Map<Place, Queue<Fault>> faults = new ConcurrentHashMap<>();

    FakeHub() {
        endpoint = start(this::serveEndpoint);
        store = start(this::serveStore);
    }

    String address() {
        return "http://127.0.0.1:" + endpoint.getAddress().getPort();
    }

    String storeAddress() {
        return "http://127.0.0.1:" + store.getAddress().getPort();
    }

    /** Puts a commit into a repository and lets {@code revision} stand for it. */
    FakeHub commit(String repository, String revision, String commit, Map<String, byte[]> files) {
        filesOfCommit.put(repository + "@" + commit, files);
        commitOfRevision.put(repository + "@" + revision, commit);
        commitOfRevision.put(repository + "@" + commit, commit);
        files.values().forEach(content -> contentOfSha256.put(sha256(content), content));
        return this;
    }

    /** Files of the repository are refused with {@code status}, its listing is not. */
    void gate(String repository, int status) {
        gateOfRepository.put(repository, status);
    }

    /** The next answers to requests of {@code method} whose path ends in {@code path} are these, then it is as ever. */
    void fail(String method, String path, Fault... next) {
        faults.computeIfAbsent(new Place(method, path), key -> new ConcurrentLinkedQueue<>())
                .addAll(List.of(next));
    }

    List<Request> requestsOf(String server, String method) {
        return requests.stream()
                .filter(r -> r.server().equals(server) && r.method().equals(method))
                .toList();
    }

    static Fault status(int status, String... headers) {
        return (exchange, content) -> refuse(exchange, status, headers);
    }

    /** A normal beginning with the whole length, and a dead connection after {@code count} bytes of the body. */
    static Fault dropAfter(int count) {
        return (exchange, content) -> {
            byte[] rest = rest(exchange, content);
            exchange.sendResponseHeaders(head(exchange, content), rest.length);
            exchange.getResponseBody().write(rest, 0, count);
            exchange.getResponseBody().flush();
            pause(1_000); // a reset throws away what the client has not read yet
            exchange.close();
        };
    }

    private static void pause(long milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A normal beginning, {@code count} bytes, and nothing more while the client is there. */
    static Fault stallAfter(int count) {
        return (exchange, content) -> {
            byte[] rest = rest(exchange, content);
            exchange.sendResponseHeaders(head(exchange, content), rest.length);
            exchange.getResponseBody().write(rest, 0, count);
            exchange.getResponseBody().flush();
            try {
                Thread.sleep(Long.MAX_VALUE);
            } catch (InterruptedException e) {
                exchange.close(); // the test is over
            }
        };
    }

    /** The whole content whatever range was asked for. */
    static Fault withoutRanges() {
        return (exchange, content) -> send(exchange, 200, content);
    }

    /** Other bytes than there should be. */
    static Fault content(byte[] other) {
        return (exchange, content) -> send(exchange, 200, other);
    }

    @Override
    public void close() {
        endpoint.stop(0);
        store.stop(0);
        threads.shutdownNow();
    }

    private HttpServer start(HttpHandler handler) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", handler);
            server.setExecutor(threads);
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serveEndpoint(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = record("endpoint", exchange);
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            if (authorization != null && !authorization.equals("Bearer " + token)) {
                refuse(exchange, 401, "X-Error-Message", "Invalid credentials in Authorization header");
                return;
            }
            if (path.startsWith("/api/models/")) {
                String[] parts = path.substring("/api/models/".length()).split("/revision/", 2);
                list(exchange, parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8), authorization);
            } else if (path.startsWith("/api/resolve-cache/")) {
                String[] parts = path.split("/", 8);
                byte[] content = content(parts[4] + "/" + parts[5], parts[6], parts[7]);
                exchange.getResponseHeaders().set("X-Repo-Commit", parts[6]);
                exchange.getResponseHeaders().set("ETag", "\"" + gitSha1(content) + "\"");
                if (!failed(exchange, content)) {
                    send(exchange, head(exchange, content), rest(exchange, content));
                }
            } else {
                resolve(exchange, path);
            }
        }
    }

    private void list(HttpExchange exchange, String repository, String revision, @Nullable String authorization)
            throws IOException {
        if (failed(exchange, new byte[0])) {
            return;
        }
        String commit = commitOfRevision.get(repository + "@" + revision);
        if (commit == null) {
            boolean known = commitOfRevision.keySet().stream().anyMatch(key -> key.startsWith(repository + "@"));
            if (known) {
                refuse(exchange, 404, "X-Error-Code", "RevisionNotFound");
            } else {
                refuse(exchange, authorization == null ? 401 : 404, "X-Error-Code", "RepoNotFound");
            }
            return;
        }
        String siblings = files(repository, commit).keySet().stream()
                .map(file -> "{\"rfilename\":\"" + file.replace("\\", "\\\\") + "\"}")
                .collect(Collectors.joining(","));
        String json = "{\"id\":\"" + repository + "\",\"sha\":\"" + commit + "\",\"siblings\":[" + siblings + "]}";
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        send(exchange, 200, json.getBytes(StandardCharsets.UTF_8));
    }

    private void resolve(HttpExchange exchange, String path) throws IOException {
        String[] parts = path.split("/", 6); // "", ORG, NAME, "resolve", COMMIT, FILE
        String repository = parts[1] + "/" + parts[2];
        Integer gate = gateOfRepository.get(repository);
        if (gate != null) {
            refuse(exchange, gate, "X-Error-Code", "GatedRepo");
            return;
        }
        if (!files(repository, parts[4]).containsKey(parts[5])) {
            refuse(exchange, 404, "X-Error-Code", "EntryNotFound");
            return;
        }
        byte[] content = content(repository, parts[4], parts[5]);
        if (failed(exchange, content)) {
            return;
        }
        exchange.getResponseHeaders().set("X-Repo-Commit", parts[4]);
        if (parts[5].endsWith(".safetensors")) {
            exchange.getResponseHeaders().set("X-Linked-Etag", "\"" + sha256(content) + "\"");
            exchange.getResponseHeaders().set("X-Linked-Size", String.valueOf(content.length));
            exchange.getResponseHeaders().set("Location", storeAddress() + "/" + sha256(content) + "?signature=1");
            exchange.sendResponseHeaders(302, -1);
        } else {
            exchange.getResponseHeaders()
                    .set("Location", "/api/resolve-cache/models/" + repository + "/" + parts[4] + "/" + parts[5]);
            exchange.sendResponseHeaders(307, -1);
        }
    }

    private void serveStore(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] content = Objects.requireNonNull(
                    contentOfSha256.get(record("store", exchange).substring(1)));
            if (exchange.getRequestHeaders().containsKey("Authorization")) {
                refuse(exchange, 400);
            } else if (!failed(exchange, content)) {
                send(exchange, head(exchange, content), rest(exchange, content));
            }
        }
    }

    private String record(String server, HttpExchange exchange) {
        String path = exchange.getRequestURI().getRawPath();
        requests.add(new Request(
                server,
                exchange.getRequestMethod(),
                path,
                exchange.getRequestHeaders().getFirst("Authorization"),
                exchange.getRequestHeaders().getFirst("Range")));
        return path;
    }

    private boolean failed(HttpExchange exchange, byte[] content) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        for (Map.Entry<Place, Queue<Fault>> entry : faults.entrySet()) {
            Place place = entry.getKey();
            if (exchange.getRequestMethod().equals(place.method()) && path.endsWith(place.path())) {
                Fault fault = entry.getValue().poll();
                if (fault != null) {
                    fault.answer(exchange, content);
                    return true;
                }
            }
        }
        return false;
    }

    private Map<String, byte[]> files(String repository, String commit) {
        return filesOfCommit.getOrDefault(repository + "@" + commit, Map.of());
    }

    private byte[] content(String repository, String commit, String file) {
        return Objects.requireNonNull(files(repository, commit).get(file));
    }

    private static int head(HttpExchange exchange, byte[] content) {
        int from = from(exchange);
        if (from == 0) {
            return 200;
        }
        exchange.getResponseHeaders()
                .set("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
        return 206;
    }

    private static byte[] rest(HttpExchange exchange, byte[] content) {
        return Arrays.copyOfRange(content, from(exchange), content.length);
    }

    private static int from(HttpExchange exchange) {
        String range = exchange.getRequestHeaders().getFirst("Range");
        return range == null ? 0 : Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", String.valueOf(body.length));
            exchange.sendResponseHeaders(status, -1);
        } else {
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static void refuse(HttpExchange exchange, int status, String... headers) throws IOException {
        for (int i = 0; i < headers.length; i += 2) {
            exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
        }
        exchange.sendResponseHeaders(status, -1);
    }

    static String sha256(byte[] content) {
        return hash("SHA-256", content);
    }

    static String gitSha1(byte[] content) {
        byte[] head = ("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII);
        byte[] object = Arrays.copyOf(head, head.length + content.length);
        System.arraycopy(content, 0, object, head.length, content.length);
        return hash("SHA-1", object);
    }

    private static String hash(String algorithm, byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
