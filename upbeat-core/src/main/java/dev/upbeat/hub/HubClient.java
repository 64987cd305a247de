package dev.upbeat.hub;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.upbeat.http.TimedBody;
import dev.upbeat.io.Digests;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The three requests to the hub: list a revision, describe a file, download it. Each makes one attempt; a {@link
 * HubUnreachableException} means that a retry may succeed.
 */
final class HubClient {
    private static final int LARGEST_LISTING_BYTES = 64 << 20;
    private static final int MOST_REDIRECTS = 10;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    /** ETags that can be file names; others are hashed. */
    private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,127}");

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final HubSettings settings;
    private final HubPatience patience;
    private final HttpClient http;

    HubClient(HubSettings settings, HubPatience patience) {
        this.settings = settings;
        this.patience = patience;
        // HTTP/1.1: one file at a time gains nothing from HTTP/2, and some proxies fail at the attempt to upgrade.
        this.http = settings.proxies()
                .client()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(patience.connect())
                .build();
    }

    /** Lists the commit of {@code id}'s revision, and its files. */
    HubListing list(HubId id) throws IOException {
        URI uri = uri("/api/models/" + id.repository() + "/revision/" + encoded(id.revision()));
        HttpResponse<InputStream> response = exchange(id, "GET", uri, 0);
        byte[] body;
        try (InputStream in = response.body()) {
            body = in.readNBytes(LARGEST_LISTING_BYTES + 1);
        }
        if (body.length > LARGEST_LISTING_BYTES) {
            throw noHub(uri, "a listing of more than " + LARGEST_LISTING_BYTES + " bytes");
        }
        JsonNode json;
        try {
            json = JSON.readTree(body);
        } catch (JacksonException e) {
            throw noHub(uri, "something that is not JSON");
        }
        String commit = json.path("sha").asText();
        if (!HubId.isCommit(commit) || !json.path("siblings").isArray()) {
            throw noHub(uri, "JSON without a commit (sha) and its files (siblings)");
        }
        List<String> files = new ArrayList<>();
        json.path("siblings").forEach(file -> files.add(file.path("rfilename").asText()));
        return new HubListing(id, commit, files);
    }

    /** Describes a file without downloading it. */
    HubFile describe(HubId id, String commit, String file) throws IOException {
        URI uri = fileUri(id, commit, file);
        HttpResponse<InputStream> response = exchange(id, "HEAD", uri, 0);
        response.body().close();
        HttpHeaders headers = response.headers();
        // The endpoint's own redirect to a store describes the linked file; a file served directly describes itself.
        String etag = headers.firstValue("X-Linked-Etag")
                .or(() -> headers.firstValue("ETag"))
                .orElse("")
                .replaceFirst("^W/", "")
                .replace("\"", "");
        OptionalLong size = length(headers, "X-Linked-Size");
        if (size.isEmpty() && response.statusCode() == 200) {
            size = length(headers, "Content-Length");
        }
        if (etag.isEmpty() || size.isEmpty()) {
            throw noHub(uri, "a file without " + (etag.isEmpty() ? "an ETag" : "its size"));
        }
        String served = headers.firstValue("X-Repo-Commit").orElse(commit);
        if (!served.equals(commit)) {
            throw noHub(uri, "a file of commit " + served + " where " + commit + " was asked for");
        }
        boolean nameable = FILE_NAME.matcher(etag).matches();
        return new HubFile(file, nameable ? etag : Digests.sha256(etag), nameable, size.getAsLong());
    }

    /**
     * Requests the bytes of a file from {@code from} on: status 206 if the server resumes, 200 if it starts over, 416 if
     * the file ends before. The caller closes the body.
     */
    HttpResponse<InputStream> open(HubId id, String commit, String file, long from) throws IOException {
        return exchange(id, "GET", fileUri(id, commit, file), from);
    }

    private HttpResponse<InputStream> exchange(HubId id, String method, URI start, long from) throws IOException {
        URI uri = start;
        for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
            HttpResponse<InputStream> response = send(method, uri, from);
            String location = response.headers().firstValue("Location").orElse("");
            boolean redirected = REDIRECTS.contains(response.statusCode()) && !location.isEmpty();
            if (redirected && method.equals("HEAD") && describesLinkedFile(response.headers())) {
                return response;
            }
            if (!redirected) {
                if (response.statusCode() / 100 == 2 || (response.statusCode() == 416 && from > 0)) {
                    return response;
                }
                response.body().close();
                throw HubRefusal.of(response, id, settings);
            }
            response.body().close();
            uri = redirect(uri, location);
        }
        throw noHub(start, "more than " + MOST_REDIRECTS + " redirects");
    }

    private HttpResponse<InputStream> send(String method, URI uri, long from) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .timeout(patience.answer())
                .header("User-Agent", "upbeat")
                .header("Accept-Encoding", "identity");
        if (from > 0) {
            request.header("Range", "bytes=" + from + "-");
        }
        settings.proxies().authorized(request, uri);
        if (settings.token() != null && settings.isEndpoint(uri)) {
            request.header("Authorization", "Bearer " + settings.token());
        }
        try {
            return http.send(request.build(), head -> new TimedBody(patience::answer, e -> broken(uri, e)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Interrupted while waiting for " + uri.getHost() + ".");
        } catch (IOException e) {
            throw new HubUnreachableException(uri, e);
        }
    }

    /** The failure of a body that ended early. */
    private static HubUnreachableException broken(URI uri, IOException e) {
        return e instanceof HttpTimeoutException
                ? new HubUnreachableException(uri, String.valueOf(e.getMessage()), null, null)
                : new HubUnreachableException(uri, e);
    }

    private static URI redirect(URI from, String location) throws IOException {
        URI to;
        try {
            to = from.resolve(location);
        } catch (IllegalArgumentException e) {
            throw noHub(from, "a redirect to \"" + location + "\"");
        }
        boolean web = to.getHost() != null && ("https".equals(to.getScheme()) || "http".equals(to.getScheme()));
        if (!web || ("https".equals(from.getScheme()) && !"https".equals(to.getScheme()))) {
            throw noHub(from, "a redirect to \"" + location + "\"");
        }
        return to;
    }

    private static boolean describesLinkedFile(HttpHeaders headers) {
        return headers.firstValue("X-Linked-Etag").isPresent()
                && headers.firstValue("X-Linked-Size").isPresent();
    }

    private static OptionalLong length(HttpHeaders headers, String name) {
        try {
            return headers.firstValueAsLong(name).stream()
                    .filter(size -> size >= 0)
                    .findFirst();
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    private URI fileUri(HubId id, String commit, String file) {
        String path = Stream.of(file.split("/", -1)).map(HubClient::encoded).collect(Collectors.joining("/"));
        return uri("/" + id.repository() + "/resolve/" + commit + "/" + path);
    }

    private URI uri(String path) {
        return URI.create(settings.endpoint() + path);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static IOException noHub(URI uri, String answer) {
        return new IOException(HubUnreachableException.origin(uri) + " is not a Hugging Face hub: "
                + answer + " came from " + uri.getPath() + ". Check HF_ENDPOINT, and whether a proxy or a sign-in "
                + "page of the network answered instead.");
    }
}
