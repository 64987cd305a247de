package dev.upbeat.app.serve;

import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import java.util.List;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** Settings of Javalin and Jetty: threads, connections, time-outs, and what an answer does not tell. */
final class HttpServer {
    /** Threads beyond those of the queue: for calls that need no model, and Jetty's own. */
    private static final int MORE_THREADS = 32;

    /** Connections beyond those that the queue and the event streams hold. */
    private static final int MORE_CONNECTIONS = 256;

    /** Longest pause of a client that sends a request or reads an answer, ms. */
    private static final int IDLE_MS = 30_000;

    private static final int HEADER_BYTES = 8192;

    private HttpServer() {}

    static void configure(JavalinConfig config, ServeOptions options) {
        Limits limits = options.limits();
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.http.prefer405over404 = true;
        config.http.maxRequestSize = limits.bodyBytes();
        config.http.compressionStrategy = CompressionStrategy.NONE;
        config.jetty.threadPool = new QueuedThreadPool(limits.queue() + limits.eventStreams() + MORE_THREADS);
        config.jetty.modifyHttpConfiguration(http -> {
            http.setSendServerVersion(false);
            http.setSendXPoweredBy(false);
            http.setRequestHeaderSize(HEADER_BYTES);
        });
        config.jetty.addConnector((server, http) -> {
            ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
            connector.setHost(options.host());
            connector.setPort(options.port());
            connector.setIdleTimeout(IDLE_MS);
            server.addBean(new NetworkConnectionLimit(
                    limits.queue() + limits.eventStreams() + MORE_CONNECTIONS,
                    List.of(connector).toArray(new ServerConnector[0])));
            server.setErrorHandler(new PlainErrors());
            return connector;
        });
    }
}
