package dev.upbeat.task.endpoint;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.NullMarked;

/** An HTTP server on this machine that plays a reward endpoint or a judge. Each test gives its answers. */
@NullMarked
public final class Endpoint implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger busy = new AtomicInteger();
    private final AtomicInteger mostBusy = new AtomicInteger();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> addresses = new CopyOnWriteArrayList<>();

    /**
     * An answer.
     *
     * @param delay before it
     * @param charset of the body
     */
    public record Reply(int status, String body, Duration delay, Charset charset) {
        public static Reply ok(String body) {
            return new Reply(200, body, Duration.ZERO, StandardCharsets.UTF_8);
        }

        public static Reply of(int status) {
            return new Reply(status, "busy", Duration.ZERO, StandardCharsets.UTF_8);
        }

        public Reply after(Duration time) {
            return new Reply(status, body, time, charset);
        }

        public Reply in(Charset other) {
            return new Reply(status, body, delay, other);
        }
    }

    /** @param reply to the request of a number, from 0 */
    public Endpoint(Function<Integer, Reply> reply) throws IOException {
        this((number, body) -> reply.apply(number));
    }

    /** @param reply to the request of a number, from 0, and a body */
    public Endpoint(BiFunction<Integer, String, Reply> reply) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        AtomicInteger number = new AtomicInteger();
        server.createContext("/reward", exchange -> {
            mostBusy.accumulateAndGet(busy.incrementAndGet(), Math::max);
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            requests.add(body);
            addresses.add(exchange.getRequestURI().toString());
            send(exchange, reply.apply(number.getAndIncrement(), body));
        });
        server.start();
    }

    private void send(HttpExchange exchange, Reply reply) {
        try (exchange) {
            Thread.sleep(reply.delay().toMillis());
            busy.decrementAndGet();
            byte[] body = reply.body().getBytes(reply.charset());
            exchange.getResponseHeaders().set("Location", "http://elsewhere/"); // counts with status 3xx
            exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // the client has given up
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/reward";
    }

    EndpointSettings settings(int retries, int concurrency) {
        EndpointSettings usual = EndpointSettings.of(Service.REWARD, url(), 60, retries, concurrency);
        return new EndpointSettings(usual.service(), usual.url(), 60, retries, concurrency, Duration.ofMillis(5));
    }

    /** The bodies of all requests so far. */
    public List<String> requests() {
        return requests;
    }

    /** Path and query of all requests so far. */
    public List<String> addresses() {
        return addresses;
    }

    /** The most requests that were answered at a time. */
    int mostBusy() {
        return mostBusy.get();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
