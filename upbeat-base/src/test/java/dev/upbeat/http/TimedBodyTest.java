package dev.upbeat.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class TimedBodyTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch done = new CountDownLatch(1);
    private HttpServer server;

    /** Announced length of the body in bytes; 0 for none. */
    private long announced;

    @FunctionalInterface
    private interface Body {
        void write(OutputStream out) throws IOException, InterruptedException;
    }

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.start();
    }

    @AfterEach
    void stop() {
        done.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private InputStream get(Body body, Supplier<Duration> wait, Function<IOException, IOException> failure)
            throws IOException, InterruptedException {
        server.createContext("/", exchange -> answer(exchange, body));
        URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), head -> new TimedBody(wait, failure))
                .body();
    }

    private void answer(HttpExchange exchange, Body body) throws IOException {
        try (exchange) {
            exchange.sendResponseHeaders(200, announced);
            body.write(exchange.getResponseBody());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void theStreamHasEveryByteOfTheBody() throws Exception {
        byte[] sent = new byte[1_000_003];
        new Random(7).nextBytes(sent);
        try (InputStream body = get(out -> out.write(sent), () -> LONG, Function.identity())) {
            assertThat(body.read()).isEqualTo(sent[0] & 0xff);
            byte[] rest = body.readAllBytes();
            assertThat(rest).hasSize(sent.length - 1).endsWith(sent[sent.length - 2], sent[sent.length - 1]);
            assertThat(body.read()).isEqualTo(-1);
        }
    }

    @Test
    void aSilentServerEndsTheReadingWithTheGivenException() throws Exception {
        Body silent = out -> {
            out.write('x');
            out.flush();
            done.await();
        };
        try (InputStream body =
                get(silent, () -> Duration.ofMillis(200), e -> new IOException("mapped " + e.getMessage(), e))) {
            assertThat(body.read()).isEqualTo('x');
            assertThatThrownBy(body::read)
                    .hasMessageContaining("mapped silent")
                    .hasCauseInstanceOf(HttpTimeoutException.class);
        }
    }

    @Test
    void aBodyThatTricklesEndsAtATotalTimeLimit() throws Exception {
        Body trickle = out -> {
            do {
                out.write('x');
                out.flush();
            } while (!done.await(50, TimeUnit.MILLISECONDS));
        };
        long deadline = System.nanoTime() + Duration.ofMillis(600).toNanos();
        Supplier<Duration> remaining = () -> Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
        try (InputStream body = get(trickle, remaining, Function.identity())) {
            assertThatThrownBy(body::readAllBytes).isInstanceOf(HttpTimeoutException.class);
        }
    }

    @Test
    void aConnectionThatBreaksIsAnException() throws Exception {
        announced = 1_000;
        Body broken = out -> {
            out.write(new byte[100]);
            out.flush();
            done.await(); // until the client has the header
        };
        try (InputStream body = get(broken, () -> LONG, Function.identity())) {
            done.countDown();
            assertThatThrownBy(body::readAllBytes)
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(HttpTimeoutException.class);
        }
    }
}
