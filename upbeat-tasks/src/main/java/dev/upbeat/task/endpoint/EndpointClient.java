package dev.upbeat.task.endpoint;

import dev.upbeat.http.Proxies;
import dev.upbeat.http.Retries;
import dev.upbeat.http.TimedBody;
import dev.upbeat.io.BadInputException;
import dev.upbeat.io.VisibleText;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts JSON to an endpoint until it answers. Retries after a failed connection, a timeout, 408, 425, 429 and 5xx, with
 * pauses that double or the seconds of Retry-After. Any other status than 200 is final.
 */
final class EndpointClient {
    private static final Logger log = LoggerFactory.getLogger(EndpointClient.class);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration QUIET = Duration.ofSeconds(5);
    private static final int LONGEST_SHOWN = 200;
    private static final int LONGEST_READ = 10_000;

    /** Largest body of a short answer. */
    static final int LONGEST_BYTES = 1 << 20;

    private final EndpointSettings settings;
    private final int longestBytes;
    private final @Nullable String token;
    private final Proxies proxies;
    private final HttpClient client;
    private final AtomicLong quietUntil = new AtomicLong(System.nanoTime());

    /**
     * @param longestBytes largest body that is read
     * @throws BadInputException if the service's secret cannot be a token
     */
    EndpointClient(EndpointSettings settings, int longestBytes) {
        this.settings = settings;
        this.longestBytes = longestBytes;
        String secret = settings.service().secret();
        this.token = token(secret, System.getenv(secret));
        this.proxies = Proxies.of(System.getenv()).exceptLoopback();
        this.client = proxies.client()
                .version(HttpClient.Version.HTTP_1_1) // simple servers fail on an upgrade to HTTP/2
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(Duration.ofSeconds(Math.min(10, settings.timeoutSeconds())))
                .build();
    }

    /** The token to send; null for none. A message about it never shows it, because it is a secret. */
    static @Nullable String token(String variable, @Nullable String given) {
        String token = given == null ? "" : given.strip(); // content of a file ends with a line break
        if (!token.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new BadInputException("The token in " + variable + " has a space or another invalid character (not "
                    + "shown here); expected ASCII letters, digits and punctuation. Set it again");
        }
        return token.isEmpty() ? null : token;
    }

    /**
     * Returns the body of the answer.
     *
     * @throws UnavailableException if there is none
     */
    String post(String json) {
        HttpRequest request = request(json);
        Retries retries = new Retries(settings.retries(), settings.firstPause(), LONGEST_PAUSE);
        while (true) {
            Outcome outcome = attempt(request);
            if (outcome.body() != null) {
                return outcome.body();
            }
            String failure = settings.url() + ": " + outcome.failure();
            if (!outcome.mayPass()) {
                throw new UnavailableException("the " + settings.service().title() + " " + failure, false);
            }
            if (retries.count() == retries.most()) {
                String tried = retries.most() == 0 ? "" : " (tried " + (retries.most() + 1) + " times)";
                throw new UnavailableException("the " + settings.service().title() + " " + failure + tried, true);
            }
            Duration doubling = retries.next();
            tell(failure, retries.count());
            sleep(outcome.retryAfter() == null ? jittered(doubling) : outcome.retryAfter());
        }
    }

    /** Logs at most one retry in five seconds, because many requests may fail at the same time. */
    private void tell(String failure, int retry) {
        long now = System.nanoTime();
        long quiet = quietUntil.get();
        if (now - quiet >= 0 && quietUntil.compareAndSet(quiet, now + QUIET.toNanos())) {
            log.info("The {} {}. Retry {} of {}.", settings.service().title(), failure, retry, settings.retries());
        }
    }

    private HttpRequest request(String json) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(settings.url())
                .timeout(Duration.ofSeconds(settings.timeoutSeconds()))
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json));
        proxies.authorized(builder, settings.url());
        if (token != null) {
            builder.header("Authorization", "Bearer " + token);
        }
        return builder.build();
    }

    /**
     * The outcome of one attempt.
     *
     * @param body null if it failed
     * @param failure its reason, in words
     * @param retryAfter the pause that the endpoint asks for; null if it asks for none
     */
    private record Outcome(
            @Nullable String body,
            String failure,
            boolean mayPass,
            @Nullable Duration retryAfter) {
        static Outcome failed(String failure) {
            return new Outcome(null, failure, true, null);
        }
    }

    private Outcome attempt(HttpRequest request) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(settings.timeoutSeconds());
        Supplier<Duration> remaining = () -> Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
        try {
            HttpResponse<InputStream> answer =
                    client.send(request, head -> new TimedBody(remaining, Function.identity()));
            try (InputStream body = answer.body()) {
                byte[] bytes = body.readNBytes(longestBytes + 1);
                return bytes.length > longestBytes
                        ? new Outcome(
                                null,
                                "answered with more than " + (longestBytes >> 20) + " MiB; expected one answer",
                                false,
                                null)
                        : outcome(answer, new String(bytes, StandardCharsets.UTF_8));
            }
        } catch (InterruptedException | InterruptedIOException e) {
            throw interrupted();
        } catch (IOException e) {
            return Outcome.failed(
                    e instanceof HttpTimeoutException && !(e instanceof HttpConnectTimeoutException)
                            ? "no answer in " + settings.timeoutSeconds() + " s"
                            : "cannot be reached (" + e.getClass().getSimpleName()
                                    + (e.getMessage() == null ? "" : ": " + shown(e.getMessage())) + ")");
        }
    }

    private Outcome outcome(HttpResponse<?> answer, String body) {
        int status = answer.statusCode();
        if (status == 200) {
            return new Outcome(body, "", false, null);
        }
        boolean mayPass = status >= 500 || status == 408 || status == 425 || status == 429;
        String failure = "answered with status " + status + (body.isBlank() ? "" : ": " + shown(body)) + remedy(answer);
        return new Outcome(null, failure, mayPass, mayPass ? retryAfter(answer) : null);
    }

    /** What to do about a status that does not pass; empty if the status does not say it. */
    private String remedy(HttpResponse<?> answer) {
        String secret = settings.service().secret();
        return switch (answer.statusCode()) {
            case 301, 302, 303, 307, 308 ->
                "; it redirects to "
                        + answer.headers()
                                .firstValue("Location")
                                .map(EndpointClient::shown)
                                .orElse("no address")
                        + ", and redirects are not followed. Give the address that answers";
            case 401, 403 ->
                token == null
                        ? "; no token was sent. Set " + secret + " in the environment"
                        : "; the token of " + secret + " was sent. Set " + secret + " to one that it accepts";
            default -> "";
        };
    }

    /** The header's seconds, at most the longest pause; a date is not read. */
    private static @Nullable Duration retryAfter(HttpResponse<?> answer) {
        String value = answer.headers().firstValue("Retry-After").orElse("");
        return value.matches("[0-9]{1,6}") ? shorter(Duration.ofSeconds(Long.parseLong(value)), LONGEST_PAUSE) : null;
    }

    /** The pause, up to a tenth longer or shorter, so that requests that failed together are not repeated together. */
    private static Duration jittered(Duration pause) {
        return Duration.ofMillis(
                (long) (pause.toMillis() * ThreadLocalRandom.current().nextDouble(0.9, 1.1)));
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }

    private void sleep(Duration duration) {
        try {
            Thread.sleep(duration.toMillis());
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private UnavailableException interrupted() {
        Thread.currentThread().interrupt();
        return new UnavailableException("interrupted while asking the " + settings.name(), false);
    }

    /** The service and its address, for messages. */
    String name() {
        return settings.name();
    }

    static String shown(String body) {
        String start = body.substring(0, Math.min(body.length(), LONGEST_READ)).strip();
        return VisibleText.shortened(VisibleText.of(start.replaceAll("\\s+", " ")), LONGEST_SHOWN);
    }
}
