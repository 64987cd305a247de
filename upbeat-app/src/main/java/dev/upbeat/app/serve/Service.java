package dev.upbeat.app.serve;

import dev.upbeat.Upbeat;
import dev.upbeat.io.BadInputException;
import io.javalin.Javalin;
import io.javalin.config.RoutesConfig;
import io.javalin.util.JavalinException;
import org.jspecify.annotations.Nullable;

/** The running service. Closing it stops it. */
public final class Service implements AutoCloseable {
    private final @Nullable ModelHost host;
    private final Engine engine;
    private final Javalin server;

    private Service(ServeOptions options, @Nullable ModelHost host) {
        this.host = host;
        this.engine = new Engine(options.limits().batchWait().toNanos());
        this.server = Javalin.create(config -> {
            HttpServer.configure(config, options);
            addCalls(config.routes, options);
        });
    }

    /**
     * Starts the service.
     *
     * @param model closed with the service; null for a service over run directories only
     * @param name of the model in the answer of {@code /v1/info}
     * @throws BadInputException if the address cannot be used
     */
    public static Service start(ServeOptions options, @Nullable Upbeat model, String name) {
        Service service = new Service(options, model == null ? null : new ModelHost(model, name));
        try {
            service.server.start();
            return service;
        } catch (JavalinException e) {
            service.close();
            throw new BadInputException(
                    "cannot listen on " + options.host() + ", port " + options.port()
                            + "; give another --port, or an address of this machine as --host",
                    e);
        }
    }

    private void addCalls(RoutesConfig routes, ServeOptions options) {
        Limits limits = options.limits();
        routes.before(new Guard(options));
        Faults.register(routes);
        routes.get("/healthz", new HealthHandler(() -> false));
        routes.get("/v1/info", new InfoHandler(host, limits));
        if (host != null) {
            Admission admission = new Admission(limits);
            Measuring measuring = new Measuring(host, engine, limits.timeout());
            routes.post("/v1/credit", new CreditHandler(admission, measuring, limits.requestTokens()));
            routes.post("/v1/observe", new ObserveHandler(admission, measuring, limits.requestTokens()));
        }
    }

    /** The port that the service listens on. */
    public int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.stop();
        engine.close();
        if (host != null) {
            host.close();
        }
    }
}
